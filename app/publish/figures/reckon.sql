-- What must be reckoned again (sleutel.opnieuw) and what that reads (sleutel.nodig). A figure depends on the figures of the same key in
-- other gebieden and energiebeelden; a mean on its weights of the same year and beeld as well; the indicators {made} are derived anew.
create temp table sleutel on commit drop as
with alle as (
    select indicator, drager, subsector, techniek, richting, jaar, beeld
    from facts.cijfer where levering_id in (select levering_id from laag)
    union select indicator, drager, subsector, techniek, richting, jaar, beeld from afgeleid
    union select indicator, drager, subsector, techniek, richting, jaar, beeld from {previous}
    union select indicator, drager, subsector, techniek, richting, jaar, beeld from gewijzigd
),
weging as (
    select code as indicator, kenmerken->>'gewicht' as gewicht from facts.begrip where lijst = 'indicator'
),
eerst as (
    select alle.*, gewijzigd.indicator is not null or alle.indicator = any ({made}) as anders
    from alle left join gewijzigd using (indicator, drager, subsector, techniek, richting, jaar, beeld)
),
daarna as (
    select eerst.*, weging.gewicht, anders or (weging.gewicht, jaar, beeld) in (select indicator, jaar, beeld from eerst where anders) as opnieuw
    from eerst left join weging using (indicator)
)
select indicator, drager, subsector, techniek, richting, jaar, beeld, opnieuw,
    opnieuw or (indicator, jaar, beeld) in (select gewicht, jaar, beeld from daarna where opnieuw) as nodig
from daarna;
-- The weight of what has none is null, and so is the answer to whether that changed.
delete from sleutel where nodig is not true;
analyze sleutel;

create temp table nodig_cijfer on commit drop as
select cijfer.*
from facts.cijfer join sleutel using (indicator, drager, subsector, techniek, richting, jaar, beeld)
where levering_id = any (array(select id from facts.levering where status = 'CURRENT' union select unnest(grondslag) from facts.energiebeeld));
analyze nodig_cijfer;

delete from afgeleid
where not exists (
    select from sleutel
    where sleutel.indicator = afgeleid.indicator and sleutel.drager = afgeleid.drager and sleutel.subsector = afgeleid.subsector
        and sleutel.techniek = afgeleid.techniek and sleutel.richting = afgeleid.richting and sleutel.jaar = afgeleid.jaar
        and sleutel.beeld = afgeleid.beeld
);
analyze afgeleid;
