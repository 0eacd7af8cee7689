-- What overlap is stored in: {eigen} are the signals found for this version, {vervallen} the objects and opgaven that changed since the
-- version it stands on, of which no signal there holds any more; {objecten} the objects that were tested, each with a hash of all that
-- matters of it; {gebieden} how much of each gebied lies under each layer, {lagen} what those layers were made of.
create table {eigen} (
    id text not null,
    object_laag text not null, object_id text not null, object_naam text, objecttype text not null, status text,
    opgave_laag text not null, opgave_id text not null, opgave_naam text, beperking text not null, kader text not null,
    ernst text not null, hardheid text not null, relatie text not null, reden text not null, regel text not null,
    provincie_regel boolean not null, bevestigd boolean not null, bevoegd_gezag text,
    overlap_m2 double precision, aandeel_pct double precision, afstand_m double precision not null, randraak boolean not null,
    ruimtebeslag_m2 double precision, ruimtebeslag_methode text not null, geometrie geometry not null
);
create table {vervallen} (soort text not null, laag text not null, id text not null);
create table {objecten} (laag text not null, id text not null, sleutel bigint not null);
create table {gebieden} (
    code text not null, laag text not null, beperking text not null, m2 double precision not null, gedekt double precision not null,
    uitsluiting integer not null default 0, zwaarwegend integer not null default 0, aandachtspunt integer not null default 0,
    koppelkans integer not null default 0
);
create table {lagen} (laag text primary key, sleutel uuid not null);
