-- A book alone cannot be deleted, since a loan refuses; with its author all go, but for the page that a trigger keeps.
-- finds: cascades:public.pages.pages_book_fkey:delete = error

create table public.authors (author_id uuid primary key);
create table public.books (
    book_id uuid primary key,
    author_id uuid not null references public.authors on delete cascade
);
create table public.loans (
    loan_id uuid primary key,
    author_id uuid not null references public.authors on delete cascade,
    book_id uuid not null references public.books
);
create table public.pages (
    page_id uuid primary key,
    book_id uuid not null,
    constraint pages_book_fkey foreign key (book_id) references public.books on delete cascade --!
);
create function public.keep() returns trigger language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger keep before delete on public.pages for each row execute function public.keep();
