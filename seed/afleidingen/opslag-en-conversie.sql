select object.land, object.gebied, maat.indicator, maat.drager, object.techniek, max(object.jaar) as jaar,
    sum(maat.waarde) as waarde, array_agg(distinct object.levering_id) as leveringen
from object
cross join lateral (
    values ('opslagvermogen', 'OPSLAG', object.drager, object.vermogen_mw),
        ('opslagcapaciteit', 'OPSLAG', object.drager, object.opslag_mwh),
        -- Conversion has a drager on each side, so its figures are of neither.
        ('conversievermogen', 'CONVERSIE', '', object.vermogen_mw)
) as maat (indicator, groep, drager, waarde)
where object.collection = 'installaties' and object.status = 'BESTAAND' and object.groep = maat.groep and maat.waarde is not null
group by object.land, object.gebied, maat.indicator, maat.drager, object.techniek
