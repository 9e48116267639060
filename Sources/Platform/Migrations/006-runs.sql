-- What builds nothing does not wait for what does: a rollback takes its second while a build of the app takes minutes.
-- Of either kind there is one at a time, and one that deploys.
drop index builds_running;
create unique index builds_building on builds (app_id) where status = 'running' and kind = 'build';
create unique index builds_deploying on builds (app_id) where status = 'running' and stage = 'deploying';

-- Which of a type's processes was tried last.
alter table processes add column created_at timestamptz not null default now();
