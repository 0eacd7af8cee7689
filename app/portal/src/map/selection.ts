/** The feature that was chosen, drawn on top of everything. */
import type {GeoJSONSource, Map as MapLibreMap} from 'maplibre-gl';
import type {Feature} from '../contents';

const SOURCE = 'selectie';
const EMPTY: GeoJSON.FeatureCollection = {type: 'FeatureCollection', features: []};
const COLOR = '#c2185b';

export class Selection {
    private readonly add = (): void => {
        const map = this.map;
        map.addSource(SOURCE, {type: 'geojson', data: EMPTY});
        map.addLayer({id: 'selectie/rand', type: 'line', source: SOURCE, paint: {'line-color': '#ffffff', 'line-width': 6, 'line-opacity': 0.85}});
        map.addLayer({id: 'selectie/lijn', type: 'line', source: SOURCE, paint: {'line-color': COLOR, 'line-width': 2.5}});
        map.addLayer({
            id: 'selectie/punt',
            type: 'circle',
            source: SOURCE,
            filter: ['==', ['geometry-type'], 'Point'],
            paint: {'circle-radius': 11, 'circle-opacity': 0, 'circle-stroke-color': COLOR, 'circle-stroke-width': 3},
        });
    };

    constructor(private readonly map: MapLibreMap) {
        map.on('load', this.add);
    }

    show(feature: Feature | null): void {
        const data = feature?.geometry ? {type: 'Feature' as const, properties: {}, geometry: feature.geometry} : EMPTY;
        this.map.getSource<GeoJSONSource>(SOURCE)?.setData(data);
    }

    remove(): void {
        this.map.off('load', this.add);
    }
}
