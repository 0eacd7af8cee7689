/**
 * Names of the gebieden on the ground, once each, where most of the gebied is in view.
 *
 * A label made from tiles would come back in every tile that a gebied touches; so the names are placed here, from the largest
 * piece of each gebied that is loaded. MapLibre draws them with a font of the computer itself: nothing is fetched.
 */
import type {GeoJSONSource, Map as MapLibreMap} from 'maplibre-gl';
import type {Layer} from '../contents';

const SOURCE = 'namen';
const STEP = 1.6;
const FIRST_ZOOM = 5.5;

interface Look {
    font: string;
    size: number;
    color: string;
    halo: string;
}

interface Piece {
    area: number;
    center: [number, number];
    name: string;
    rank: number;
}

export class NameLabels {
    private readonly layers: Layer[];
    private shown = '';

    private readonly add = (): void => {
        this.map.addSource(SOURCE, {type: 'geojson', data: {type: 'FeatureCollection', features: []}});
        this.layers.forEach((_, rank) => this.addLayer(rank));
        this.place();
    };

    private readonly place = (): void => {
        if (!this.map.getSource(SOURCE)) return;
        const pieces = this.layers.flatMap((layer, rank) => (this.isNamed(rank) ? [...this.largestPieces(layer, rank)] : []));
        const features = pieces.map((piece) => ({
            type: 'Feature' as const,
            properties: {naam: piece.name, rang: piece.rank},
            geometry: {type: 'Point' as const, coordinates: piece.center},
        }));
        const text = JSON.stringify(features);
        if (text === this.shown) return;
        this.shown = text;
        this.map.getSource<GeoJSONSource>(SOURCE)?.setData({type: 'FeatureCollection', features});
    };

    constructor(
        private readonly map: MapLibreMap,
        ground: Layer[],
    ) {
        const named = ground.filter((layer) => layer.label !== null && layer.geometry === 'polygon');
        // Fewer gebieden are larger ones; what is no mosaic (water) fits in between.
        this.layers = named.sort((one, other) => Number(other.mosaic) - Number(one.mosaic) || one.count - other.count);
        map.on('load', this.add);
        map.on('idle', this.place);
    }

    remove(): void {
        this.map.off('load', this.add);
        this.map.off('idle', this.place);
    }

    private addLayer(rank: number): void {
        const look = this.look(rank);
        this.map.addLayer({
            id: `namen/${rank}`,
            type: 'symbol',
            source: SOURCE,
            filter: ['==', ['get', 'rang'], rank],
            minzoom: FIRST_ZOOM + rank * STEP,
            ...(rank === 0 && this.layers.length > 1 ? {maxzoom: FIRST_ZOOM + 3} : {}),
            layout: {'text-field': ['get', 'naam'], 'text-font': [look.font], 'text-size': look.size, 'text-max-width': 8, 'text-padding': 6},
            paint: {'text-color': look.color, 'text-halo-color': look.halo, 'text-halo-width': 1.5},
        });
    }

    private look(rank: number): Look {
        if (!this.layers[rank]?.mosaic) return {font: 'Noto Sans Italic', size: 11.5, color: '#3a6f8f', halo: '#e4eef3'};
        if (rank === 0) return {font: 'Noto Sans Bold', size: 14, color: '#33474f', halo: '#fbfaf7'};
        return {font: 'Noto Sans', size: 12, color: '#47585f', halo: '#fbfaf7'};
    }

    private isNamed(rank: number): boolean {
        return this.map.getZoom() >= FIRST_ZOOM + rank * STEP - 0.5;
    }

    private largestPieces(layer: Layer, rank: number): Iterable<Piece> {
        const largest = new Map<string, Piece>();
        for (const feature of this.map.querySourceFeatures(layer.id, {sourceLayer: layer.id})) {
            const name = feature.properties[layer.label ?? ''] as string | undefined;
            const id = String(feature.properties['id']);
            if (!name) continue;
            for (const ring of outerRings(feature.geometry)) {
                const [area, center] = weigh(ring);
                if (area > (largest.get(id)?.area ?? 0)) largest.set(id, {area, center, name, rank});
            }
        }
        return largest.values();
    }
}

function outerRings(geometry: GeoJSON.Geometry): GeoJSON.Position[][] {
    if (geometry.type === 'Polygon') return geometry.coordinates.slice(0, 1);
    return geometry.type === 'MultiPolygon' ? geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1)) : [];
}

/** Area (in square degrees, good enough to compare neighbours) and centroid of a ring, by the shoelace formula. */
function weigh(ring: GeoJSON.Position[]): [area: number, center: [number, number]] {
    const [x0 = 0, y0 = 0] = ring[0] ?? [];
    let [twice, x, y] = [0, 0, 0];
    for (let index = 1; index < ring.length; index++) {
        const [ax, ay] = [(ring[index - 1]?.[0] ?? 0) - x0, (ring[index - 1]?.[1] ?? 0) - y0];
        const [bx, by] = [(ring[index]?.[0] ?? 0) - x0, (ring[index]?.[1] ?? 0) - y0];
        const cross = ax * by - bx * ay;
        twice += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    return twice === 0 ? [0, [x0, y0]] : [Math.abs(twice) / 2, [x0 + x / (3 * twice), y0 + y / (3 * twice)]];
}
