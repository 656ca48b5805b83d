-- Run once as the database's administrator: for the private cluster (scripts/cluster.py) and in the container
-- (docker-compose.yml). MAPA_DB_PASSWORD in the environment becomes the application's password.
\set ON_ERROR_STOP on
\getenv password MAPA_DB_PASSWORD
\connect template1
-- In template1, so that neither the application nor a restored or a test database needs a superuser.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
-- No superuser: what triggers forbid stays forbidden. CREATEDB is for restoring beside the present database.
CREATE ROLE mapa LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE mapa OWNER mapa;
