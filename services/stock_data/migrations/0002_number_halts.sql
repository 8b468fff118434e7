-- Counts an instrument's halts and resumes, so that everybody knows which of two came first without asking a clock.
-- The database counts: a version that runs beside this one and knows nothing of it is counted as well.
alter table instruments add column halt_sequence bigint not null default 0;

create function number_halt() returns trigger language plpgsql as $$
begin
    new.halt_sequence := old.halt_sequence + 1;
    return new;
end
$$;

create trigger number_halt before update of halted on instruments
for each row when (old.halted is distinct from new.halted) execute function number_halt();
