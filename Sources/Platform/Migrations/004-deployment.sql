-- A run need not build: it may deploy what an earlier release holds (Sources/Platform/Deployment/DeployIntent.swift).
alter table builds
    add column kind text not null default 'build' check (kind in ('build', 'deploy')),
    add column intent jsonb;

alter table releases
    -- What it is, where that is not its commit: 'rollback to v3', 'set DATABASE_URL'.
    add column summary text,
    -- Until then a release that went live is watched, and gives way to the one before if it does not do well.
    add column guard_until timestamptz,
    -- Of a canary: the share of requests that it gets, in percent.
    add column weight bigint check (weight between 1 and 99),
    drop constraint releases_status_check,
    add constraint releases_status_check
        check (status in ('starting', 'switching', 'canary', 'live', 'retired', 'failed'));

create unique index releases_canary on releases (app_id) where status = 'canary';

alter table processes
    -- One that takes the place of another of its release runs beside it for a while.
    drop constraint processes_release_id_type_index_key,
    add column ready boolean not null default true,
    add column restarts bigint not null default 0,
    add column started_at timestamptz,
    add column problem text;

alter table apps
    -- Whether it is not to run at all ('ps stop').
    add column stopped boolean not null default false,
    -- The run that keeps visitors out while it changes the app's database.
    add column closed_by uuid references builds on delete set null;

-- Which app an event is about: its name may be another's later. Kept when the app is gone.
alter table events add column app_id uuid;
create index events_app on events (app_id, id);

create table formation (
    app_id uuid not null references apps on delete cascade,
    type text not null,
    quantity bigint check (quantity between 0 and 100),
    memory_bytes bigint,
    cpus double precision,
    primary key (app_id, type)
);

create table volumes (
    id uuid primary key,
    app_id uuid not null references apps on delete cascade,
    name text not null,
    path text not null,
    read_only boolean not null default false,
    created_at timestamptz not null default now(),
    constraint volumes_name_key unique (app_id, name),
    constraint volumes_path_key unique (app_id, path)
);

-- Volumes that were taken from their apps, until the daemon has removed them. Nothing else removes a volume of an app
-- that is there: a database restored from a backup does not know newer ones.
create table removed_volumes (
    id uuid primary key
);

create table domains (
    id uuid primary key,
    app_id uuid not null references apps on delete cascade,
    host text not null,
    path text not null default '/',
    strips boolean not null default false,
    redirect text,
    created_at timestamptz not null default now(),
    constraint domains_address_key unique (host, path)
);

create table published_ports (
    app_id uuid not null references apps on delete cascade,
    transport text not null check (transport in ('tcp', 'udp')),
    port bigint not null,
    type text not null,
    target bigint not null,
    constraint published_ports_pkey primary key (transport, port)
);

-- RoutingSettings as JSON.
create table app_routing (
    app_id uuid primary key references apps on delete cascade,
    settings jsonb not null
);

-- What Martlet did by itself, told to an app's people when they come by.
create table notices (
    id bigint generated always as identity primary key,
    app_id uuid not null references apps on delete cascade,
    at timestamptz not null default now(),
    text text not null
);
alter table users add column notices_seen bigint not null default 0;

-- A log may grow by 100,000 lines a second: to look each one's build up would take most of that time. Lines are added by
-- append_log alone, to a build whose row it has locked.
alter table build_log drop constraint build_log_build_id_fkey;
create function remove_build_log() returns trigger language plpgsql security definer set search_path = public as $$
begin
    delete from build_log where build_id = old.id;
    return null;
end $$;
create trigger remove_log after delete on builds for each row execute function remove_build_log();
