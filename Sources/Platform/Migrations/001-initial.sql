create table users (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    admin boolean not null default false,
    created_at timestamptz not null default now(),
    constraint users_name_key unique (name)
);

create table ssh_keys (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users on delete cascade,
    name text not null,
    type text not null,
    blob bytea not null,
    fingerprint text not null generated always as ('SHA256:' || rtrim(encode(sha256(blob), 'base64'), '=')) stored,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    expires_at timestamptz,
    constraint ssh_keys_blob_key unique (blob),
    constraint ssh_keys_name_key unique (user_id, name)
);

create table apps (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    owner_id uuid not null,
    deploy_branch text,
    created_at timestamptz not null default now(),
    constraint apps_name_key unique (name),
    constraint apps_owner_id_fkey foreign key (owner_id) references users
);

create table app_access (
    app_id uuid not null references apps on delete cascade,
    user_id uuid not null references users on delete cascade,
    role text not null check (role in ('viewer', 'deployer', 'maintainer')),
    primary key (app_id, user_id)
);

create table builds (
    id uuid primary key default gen_random_uuid(),
    app_id uuid not null references apps on delete cascade,
    number bigint not null,
    branch text not null,
    commit text not null check (commit ~ '^[0-9a-f]{40}$'),
    status text not null default 'queued'
        check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'superseded')),
    created_by text not null,
    message text,
    reason text,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    unique (app_id, number)
);

create index builds_unfinished on builds (app_id) where status in ('queued', 'running');

create table build_log (
    build_id uuid not null references builds on delete cascade,
    sequence bigint not null,
    at timestamptz not null default now(),
    stream text not null check (stream in ('martlet', 'build', 'app')),
    line text not null,
    primary key (build_id, sequence)
);

-- A release that is 'switching' has passed the point of no return: after a crash it is carried on to 'live'.
create table releases (
    id uuid primary key default gen_random_uuid(),
    app_id uuid not null references apps on delete cascade,
    number bigint not null,
    build_id uuid references builds on delete set null,
    branch text not null,
    commit text not null,
    updates text not null,
    image text not null,
    port bigint not null,
    health_path text,
    status text not null default 'starting'
        check (status in ('starting', 'switching', 'live', 'retired', 'failed')),
    created_by text not null,
    message text,
    created_at timestamptz not null default now(),
    live_at timestamptz,
    unique (app_id, number)
);

create unique index releases_live on releases (app_id) where status = 'live';

create table processes (
    id uuid primary key default gen_random_uuid(),
    release_id uuid not null references releases on delete cascade,
    type text not null,
    index bigint not null,
    container text,
    address text,
    state text not null default 'starting' check (state in ('starting', 'running', 'draining', 'stopped')),
    drain_until timestamptz,
    unique (release_id, type, index)
);

-- What a destroyed app leaves behind, until the daemon has removed it.
create table removals (
    app_id uuid primary key,
    name text not null,
    created_at timestamptz not null default now()
);

create table events (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    source text not null,
    action text not null,
    object text not null,
    result text not null
);

-- Names this installation on what it makes in Docker, so that several may share one engine.
create table installation (
    id uuid not null default gen_random_uuid()
);
insert into installation default values;
