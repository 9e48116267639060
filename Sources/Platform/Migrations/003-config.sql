-- Values are sealed with a key that is not in the database: see Sources/Platform/Secrets.
create table config_vars (
    app_id uuid not null references apps on delete cascade,
    name text not null,
    scope text not null check (scope in ('run', 'build', 'both')),
    value bytea not null,
    updated_at timestamptz not null default now(),
    updated_by text not null,
    primary key (app_id, name)
);

-- How an app is built where its repository does not say: the text of a 'build' block.
create table app_build_settings (
    app_id uuid primary key references apps on delete cascade,
    yaml text not null,
    updated_at timestamptz not null default now(),
    updated_by text not null
);
