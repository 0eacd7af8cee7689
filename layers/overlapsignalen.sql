select signalen.id, ernst, signalen.hardheid, kader, signalen.beperking, reden, object_laag, object_id, object_naam,
    objecttype, signalen.status, opgave_laag, opgave_id, opgave_naam, relatie, overlap_m2, aandeel_pct, afstand_m, randraak, ruimtebeslag_m2,
    ruimtebeslag_methode, regel, provincie_regel, bevestigd, bevoegd_gezag, levering.title as bron, levering.peildatum, geometrie
from signalen
join opgaven on opgaven.laag = opgave_laag and opgaven.id = opgave_id
left join facts.levering on levering.id = opgaven.levering_id
