-- What is to be forgotten is found without looking through what is not.
create index sessions_by_end on sessions (ended_at_us) where ended_at_us is not null;
create index refresh_tokens_used on refresh_tokens (issued_at_us) where used_at_us is not null;
