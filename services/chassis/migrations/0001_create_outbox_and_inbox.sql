create table outbox (
    number bigint generated always as identity primary key,
    message_id uuid not null,
    stream text not null,
    shard smallint not null,
    body bytea not null
);

create table inbox (
    message_id uuid primary key,
    received_at timestamptz not null default now()
);

create index inbox_by_time on inbox (received_at);

create table dead_letters (
    number bigint generated always as identity primary key,
    message_id uuid not null,
    position integer not null,
    stream text not null,
    shard smallint not null,
    fact_name text not null,
    body bytea not null,
    reason text not null,
    died_at timestamptz not null default now(),
    unique (message_id, position)
);
