-- The four roles of the site, as the database server's administrator; again whenever a password changes. For the
-- private cluster (scripts/cluster.py), the container (docker-compose.yml) and a server of your own. Passwords
-- come from the environment. What each role may do in a database, `manage.py migrate` settles: docs/operations.md.
\set ON_ERROR_STOP on
\getenv owner MAPA_DB_PASSWORD
\getenv web MAPA_WEB_PASSWORD
\getenv worker MAPA_WORKER_PASSWORD
\getenv backup MAPA_BACKUP_PASSWORD
SELECT 'CREATE ROLE ' || name FROM unnest(ARRAY['mapa', 'mapa_web', 'mapa_worker', 'mapa_backup']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
-- Owns the tables and migrates them. No superuser: what triggers forbid stays forbidden. CREATEDB is for restoring
-- beside the present database.
ALTER ROLE mapa LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner';
-- Serve pages, and work: they own nothing.
ALTER ROLE mapa_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'web';
ALTER ROLE mapa_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'worker';
-- Reads everything for backups, and writes nothing.
ALTER ROLE mapa_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS PASSWORD :'backup';
-- The owner may act as the two (tests do); they never as the owner.
GRANT mapa_web, mapa_worker TO mapa;
