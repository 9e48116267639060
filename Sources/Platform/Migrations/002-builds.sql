-- What a run needs to know of a build, whichever process carries it on.
alter table builds
    add column updates text not null default '',
    add column source text,
    add column key text,
    add column detached boolean not null default false,
    add column no_cache boolean not null default false,
    -- What it was built with beside the commit; equal hashes of equal commits make equal products.
    -- Null until a queued build is ready for a worker.
    add column config_hash text,
    -- Of a running build: a worker builds it, the daemon may deploy it, the daemon deploys it.
    add column stage text check (stage in ('building', 'built', 'deploying')),
    add column worker text,
    add column heartbeat_at timestamptz,
    add column cancelled_by text,
    -- How the worker ended: with a product, with a reason in a few words, or with nothing to do.
    add column product jsonb,
    add column summary text,
    add column skipped boolean not null default false,
    add column log_lines bigint not null default 0;

-- One run of an app at a time, whoever claims.
create unique index builds_running on builds (app_id) where status = 'running';
create index builds_queued on builds (created_at) where status = 'queued';
create index builds_reuse on builds (app_id, commit) where product is not null;

-- `finished_at` is set last of all, when nothing will be added to the log any more.
update builds set log_lines = coalesce((select max(sequence) + 1 from build_log where build_id = builds.id), 0);

-- Processes that build. One acts only under the database role that it is registered with.
create table workers (
    name text primary key,
    role text not null,
    machine text not null default '',
    slots bigint not null default 0,
    registered_at timestamptz not null default now(),
    seen_at timestamptz,
    last_claimed_at timestamptz
);

alter table releases add column product jsonb;
update releases set product = jsonb_build_object(
    'method', 'dockerfile', 'image', image, 'port', port, 'healthPath', health_path, 'processes', '[]'::jsonb);
-- The variables of its processes, sealed.
alter table releases add column config bytea;
alter table releases alter column product set not null, drop column image, drop column port, drop column health_path;

-- Who comes next: users take turns, the one first who has fewest builds running, then who waited longest for a turn.
create view build_queue as
select b.id, b.app_id, b.created_by,
    row_number() over (order by b.turn + b.running, b.last_start nulls first, b.created_at, b.id) as position
from (
    select q.id, q.app_id, q.created_by, q.created_at,
        row_number() over (partition by q.created_by order by q.created_at, q.id) as turn,
        (select count(*) from builds r where r.status = 'running' and r.created_by = q.created_by) as running,
        (select max(r.started_at) from builds r
         where r.created_by = q.created_by and r.started_at > now() - interval '1 hour') as last_start
    from builds q where q.status = 'queued'
) b;

create function worker_of_session(worker text) returns workers language plpgsql security definer
set search_path = public as $$
declare me workers;
begin
    select * into me from workers where name = worker and role = session_user;
    if not found then
        raise exception 'no worker % is registered for the role %', worker, session_user using errcode = '28000';
    end if;
    return me;
end $$;

-- Notes that a worker is there, on which machine, and how many builds it takes at once. Builds that a former process of
-- it left unfinished are lost.
create function register_worker(worker text, on_machine text, with_slots bigint) returns bigint language plpgsql
security definer set search_path = public as $$
declare lost bigint;
begin
    perform worker_of_session(worker);
    update workers set machine = on_machine, slots = with_slots, seen_at = now() where name = worker;
    update builds set stage = 'built', summary = 'build failed', reason = 'its worker stopped while it was built'
    where builds.worker = register_worker.worker and status = 'running' and stage = 'building';
    get diagnostics lost = row_count;
    return lost;
end $$;

-- Gives a worker the next build that it may begin; no row when there is none. Workers are asked in turn: one that was used
-- more recently than another idle one leaves the build to that, for as long as it may be expected to take it.
create function claim_build(on_worker text) returns setof builds language plpgsql security definer
set search_path = public as $$
declare
    me workers := worker_of_session(on_worker);
    chosen uuid;
begin
    update workers set seen_at = now() where name = me.name;
    perform pg_advisory_xact_lock(hashtext('martlet machine'), hashtext(me.machine));
    if me.slots <= (
        select count(*) from builds b join workers w on w.name = b.worker
        where b.status = 'running' and b.stage = 'building' and w.machine = me.machine) then
        return;
    end if;
    select b.id into chosen from builds b join build_queue q on q.id = b.id
    where b.status = 'queued' and b.config_hash is not null and b.cancelled_by is null
    and not exists (select from builds r where r.app_id = b.app_id and r.status = 'running')
    and (b.created_at < now() - interval '2 seconds' or not exists (
        select from workers w
        where w.name <> me.name and w.seen_at > now() - interval '10 seconds'
        and coalesce(w.last_claimed_at, w.registered_at) < coalesce(me.last_claimed_at, me.registered_at)
        and w.slots > (select count(*) from builds r where r.worker = w.name and r.stage = 'building' and r.status = 'running')))
    order by q.position limit 1 for update of b skip locked;
    if not found then
        return;
    end if;
    update workers set last_claimed_at = clock_timestamp() where name = me.name;
    return query update builds
    set status = 'running', stage = 'building', worker = me.name, started_at = now(), heartbeat_at = now()
    where id = chosen returning *;
exception when unique_violation then
    -- Another worker has begun a build of the same app this moment.
    return;
end $$;

-- Says that a worker is alive, and works on these builds. Returns those of them that it must stop.
create function beat_worker(on_worker text, working_on uuid[]) returns setof uuid language plpgsql security definer
set search_path = public as $$
begin
    perform worker_of_session(on_worker);
    update workers set seen_at = now() where name = on_worker;
    update builds set heartbeat_at = now()
    where id = any (working_on) and worker = on_worker and status = 'running' and stage = 'building';
    return query select w from unnest(working_on) w
    where not exists (
        select from builds b where b.id = w and b.worker = on_worker and b.status = 'running' and b.stage = 'building'
        and b.cancelled_by is null);
end $$;

-- Hands a build back with what became of it. Returns whether it was still this worker's.
create function end_build(
    on_worker text, ended uuid, with_product jsonb, with_summary text, with_reason text, with_skipped boolean
) returns boolean language plpgsql security definer set search_path = public as $$
declare is_mine boolean;
begin
    perform worker_of_session(on_worker);
    update builds set stage = 'built', product = with_product, summary = with_summary, reason = with_reason,
        skipped = with_skipped
    where id = ended and worker = on_worker and status = 'running' and stage = 'building';
    is_mine := found;
    perform pg_notify('martlet_builds', ended::text), pg_notify('martlet_queue', '');
    return is_mine;
end $$;

-- Adds lines to the log of a build; whoever adds at the same time gets other numbers. Returns how many there are.
create function append_log(to_build uuid, streams text[], lines text[]) returns bigint language plpgsql security definer
set search_path = public as $$
declare total bigint;
begin
    if not exists (
        select from builds b left join workers w on w.name = b.worker
        where b.id = to_build
        and (w.role = session_user or pg_has_role(session_user, (select relowner from pg_class where oid = 'builds'::regclass), 'usage'))) then
        raise exception 'the role % does not work on the build %', session_user, to_build using errcode = '42501';
    end if;
    update builds set log_lines = log_lines + cardinality(lines) where id = to_build returning log_lines into total;
    insert into build_log (build_id, sequence, stream, line)
    select to_build, total - cardinality(lines) + n - 1, s, l
    from unnest(streams, lines) with ordinality as t (s, l, n);
    perform pg_notify('martlet_builds', to_build::text);
    return total;
end $$;

revoke all on function register_worker, claim_build, beat_worker, end_build, append_log, worker_of_session from public;
