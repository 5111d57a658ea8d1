-- Each action does what it says: over three levels, to itself, with named columns, on update, by refusing.

create table public.authors (author_id uuid primary key);
create table public.books (
    book_id uuid primary key,
    author_id uuid not null references public.authors on delete cascade on update cascade,
    sequel_id uuid references public.books on delete set null
);
create table public.pages (
    page_id uuid primary key,
    book_id uuid not null references public.books on delete cascade
);
create table public.editions (author_id uuid, edition_id uuid, primary key (author_id, edition_id));
create table public.prints (
    author_id uuid not null,
    print_id uuid,
    edition_id uuid,
    primary key (author_id, print_id),
    foreign key (author_id, edition_id) references public.editions on delete set null (edition_id)
);
create table public.loans (loan_id uuid primary key, edition_id uuid, author_id uuid);
alter table public.loans add foreign key (author_id, edition_id) references public.editions on delete restrict;
