-- SET NULL on a column that is NOT NULL, a trigger that keeps a child of a grandparent, a default that refers to nothing.
-- finds: cascades:public.letters.letters_author_fkey:delete = error
-- finds: cascades:public.pages.pages_book_fkey:delete = error
-- finds: cascades:public.loans.loans_copy_fkey:delete = error
-- finds: cascades:public.marks.marks_place_fkey:delete = warning
-- finds: cascades:public.shelves.shelves_book_fkey:update = error

create table public.authors (author_id uuid primary key);
create table public.books (
    book_id uuid primary key,
    author_id uuid not null references public.authors on delete cascade
);
create table public.letters (
    letter_id uuid primary key,
    author_id uuid not null,
    constraint letters_author_fkey foreign key (author_id) references public.authors on delete set null --!
);
create table public.pages (
    page_id uuid primary key,
    book_id uuid not null,
    constraint pages_book_fkey foreign key (book_id) references public.books on delete cascade --!
);
create function public.keep() returns trigger language plpgsql set search_path = '' as $$ begin return null; end $$;
create trigger keep before delete on public.pages for each row execute function public.keep();
create table public.copies (copy_id uuid primary key);
create table public.loans (
    loan_id uuid primary key,
    copy_id uuid not null default '00000000-0000-4000-8000-000000000000',
    constraint loans_copy_fkey foreign key (copy_id) references public.copies on delete set default --!
);
create table public.places (place_id uuid primary key);
create table public.marks (
    mark_id uuid primary key,
    place_id uuid,
    constraint a_mark_has_a_place check (place_id is not null),
    constraint marks_place_fkey foreign key (place_id) references public.places on delete set null --!
);
create table public.shelves (
    shelf_id uuid primary key,
    book_id uuid not null references public.books on delete cascade,
    constraint shelves_book_fkey foreign key (book_id) references public.books on update set null --!
);
