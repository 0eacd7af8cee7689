-- What each role may touch. Run by the owner after every migration; the roles themselves exist (see roles.py).
grant usage on schema facts, publication to energiebeeld_import, energiebeeld_read;
grant create on schema publication to energiebeeld_import;
grant select, insert, update, delete on all tables in schema facts, publication to energiebeeld_import;
grant usage on all sequences in schema facts, publication to energiebeeld_import;
grant select on all tables in schema publication to energiebeeld_read;
grant select on facts.levering, facts.levering_facts to energiebeeld_read;
alter default privileges for role energiebeeld_import in schema publication grant select on tables to energiebeeld_read;
grant usage on schema taken to energiebeeld_taken;
grant select, insert, update, delete on all tables in schema taken to energiebeeld_taken;
