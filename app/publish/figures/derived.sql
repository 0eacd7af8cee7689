-- The derived figures as adding up reads them, and nothing else of what they were made with.
create temp table afgeleid on commit drop as select * from uitgerekend;
analyze afgeleid;
drop table land, voor_land, gemeente, ouder_ooit, ouder, object, deel, cijfer, afleidbaar, kengetal, geldig_kengetal, eigen_cijfer, geleverd,
    oude_indeling, achter,
    uitgerekend, afleiding_bron, afleiding_indicator;
