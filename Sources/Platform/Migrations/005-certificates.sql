-- With which certificate a host is served, and how getting it went. Private keys are sealed: Sources/Platform/Secrets.
create table certificates (
    -- A host in lower case, or '*.' and the base domain.
    host text primary key,
    -- Null for the wildcard, which serves every app.
    app_id uuid references apps on delete cascade,
    source text not null check (source in ('acme', 'own')),
    -- What serves: another version with each renewal, all null before the first.
    version uuid unique,
    chain text,
    sealed_key bytea,
    names text[],
    issuer text,
    not_before timestamptz,
    not_after timestamptz,
    -- Of those from a CA: its directory. Those of another CA than the one in the settings are replaced.
    authority text,
    error text,
    failures bigint not null default 0,
    tried_at timestamptz,
    next_try_at timestamptz,
    -- Since when no app has the host any more.
    unneeded_since timestamptz,
    noticed_at timestamptz,
    updated_at timestamptz not null default now(),
    updated_by text,
    constraint certificates_whole check (
        num_nulls(version, chain, sealed_key, names, issuer, not_before, not_after) in (0, 7)),
    constraint certificates_own check (source = 'acme' or version is not null)
);
