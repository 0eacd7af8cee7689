-- What the publication before has of gebieden under the layers that are as they were; objects are counted again where te_tellen says so.
insert into {gebieden}
with ongewijzigd as (
    select maat.* from {gebieden_toen} maat join {lagen} using (laag) join {lagen_toen} as eerder using (laag, sleutel)
)
select * from ongewijzigd where code not in (select code from te_tellen)
union all
select code, laag, beperking, m2, gedekt, 0, 0, 0, 0 from ongewijzigd
where code in (select code from te_tellen) and (m2 > 0 or gedekt > 0);
