create table accounts (
    account_id uuid primary key,
    name text not null unique check (name ~ '^[a-z0-9_-]{3,32}$'),
    password_hash text not null check (password_hash like '$argon2id$%'),
    is_operator boolean not null,
    is_demo boolean not null,
    opened_at_us bigint not null
);

create table sessions (
    session_id uuid primary key,
    account_id uuid not null references accounts,
    started_at_us bigint not null,
    expires_at_us bigint not null,
    ended_at_us bigint
);

create index sessions_live_by_account on sessions (account_id) where ended_at_us is null;
create index sessions_by_expiry on sessions (expires_at_us);

create table refresh_tokens (
    token_sha256 bytea primary key check (octet_length(token_sha256) = 32),
    session_id uuid not null references sessions on delete cascade,
    issued_at_us bigint not null,
    used_at_us bigint
);

create index refresh_tokens_by_session on refresh_tokens (session_id);
create unique index refresh_tokens_one_unused on refresh_tokens (session_id) where used_at_us is null;

create table api_keys (
    key_id text primary key check (key_id ~ '^PK[A-Z2-7]{18}$'),
    account_id uuid not null references accounts,
    label text not null check (length(label) <= 64),
    secret_sha256 bytea not null check (octet_length(secret_sha256) = 32),
    created_at_us bigint not null,
    revoked_at_us bigint
);

create index api_keys_by_account on api_keys (account_id, created_at_us);
