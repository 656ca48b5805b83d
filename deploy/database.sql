-- Run once, after roles.sql, as the database server's administrator: for the private cluster (scripts/cluster.py),
-- in the container (docker-compose.yml) and on a server of your own.
\set ON_ERROR_STOP on
\connect template1
-- In template1, so that neither the application nor a restored or a test database needs a superuser.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE DATABASE mapa OWNER mapa;
