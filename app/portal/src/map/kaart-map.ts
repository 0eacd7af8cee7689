/** The map itself: loads the style of everything, switches layers, asks features on click, and undoes all of it. */
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import {
    Map as MapLibreMap,
    NavigationControl,
    ScaleControl,
    setWorkerUrl,
    type ExpressionFilterSpecification,
    type FilterSpecification,
    type LngLatBoundsLike,
    type PointLike,
    type StyleSpecification,
} from 'maplibre-gl';
import {at, onThisHost} from '../address';
import {fetchJson, type Contents, type Extent, type Layer, type Moment} from '../contents';
import type {Frame} from '../frame';
import {FeaturePanel} from '../panel/feature-panel';
import {firstView} from './first-view';
import {findHits, isOverSwitchedOn} from './hits';
import {DUTCH} from './locale';
import {NameLabels} from './name-labels';
import {Selection} from './selection';

export interface MapOptions {
    contents: Contents;
    layers: Layer[];
    visible: ReadonlySet<string>;
    embedded: boolean;
    /** What layers of beelden show. */
    moment: Moment | null;
}

/** Room around what is shown: the button above, the sources below. */
const MARGIN = {top: 48, right: 32, bottom: 60, left: 32};

export async function openMap(frame: Frame, options: MapOptions): Promise<KaartMap> {
    const style = await fetchJson<StyleSpecification>(at('v1/styles/energiebeeld?f=mapbox'), new AbortController().signal);
    return new KaartMap(frame, options, withVisible(style, options.visible));
}

export class KaartMap {
    private readonly map: MapLibreMap;
    private readonly panel: FeaturePanel;
    private readonly labels: NameLabels;
    private readonly selection: Selection;
    private readonly stop = new AbortController();

    constructor(
        frame: Frame,
        private readonly options: MapOptions,
        private readonly style: StyleSpecification,
    ) {
        setWorkerUrl(workerUrl);
        const ground = options.layers.filter((layer) => layer.ground);
        this.map = new MapLibreMap({
            container: frame.map,
            style: options.moment ? withMoment(style, options.layers, options.moment) : style,
            bounds: bounds(firstView(ground, options.layers.filter((layer) => options.visible.has(layer.id)))),
            fitBoundsOptions: {padding: MARGIN},
            hash: 'kaart',
            minZoom: 4,
            maxZoom: 19,
            maxPitch: 0,
            dragRotate: false,
            attributionControl: false,
            cooperativeGestures: options.embedded,
            locale: DUTCH,
            transformRequest: (url) => ({url: onThisHost(url)}),
        });
        this.map.touchZoomRotate.disableRotation();
        this.map.keyboard.disableRotation();
        this.map.addControl(new NavigationControl({showCompass: false}), 'top-right');
        this.map.addControl(new ScaleControl({unit: 'metric'}), 'bottom-left');
        this.selection = new Selection(this.map);
        this.labels = new NameLabels(this.map, ground);
        this.panel = new FeaturePanel(frame.panel, {
            chosen: (feature) => this.selection.show(feature),
            closed: () => this.selection.show(null),
        });
        this.listen();
    }

    /** Lets layers of beelden show one year of one beeld. */
    setMoment(moment: Moment): void {
        for (const [id, filter] of momentFilters(this.style, this.options.layers, moment)) this.map.setFilter(id, filter);
        this.panel.close();
    }

    setVisible(layer: Layer, on: boolean): void {
        for (const id of this.map.getLayersOrder().filter((each) => each.startsWith(`${layer.id}/`))) {
            this.map.setLayoutProperty(id, 'visibility', on ? 'visible' : 'none');
        }
    }

    zoomTo(layer: Layer): void {
        if (layer.extent) this.map.fitBounds(bounds(layer.extent), {padding: MARGIN, maxZoom: 13});
    }

    remove(): void {
        this.stop.abort();
        this.panel.remove();
        this.labels.remove();
        this.selection.remove();
        this.map.remove();
    }

    private listen(): void {
        this.map.on('click', (event) => this.ask(event.point));
        this.map.on('mousemove', (event) => {
            this.map.getCanvas().style.cursor = isOverSwitchedOn(this.map, event.point) ? 'pointer' : '';
        });
        this.map.on('error', (event) => console.warn(event.error.message));
        const canvas = this.map.getCanvas();
        const enter = (event: KeyboardEvent): void => {
            if (event.key === 'Enter') this.ask(this.map.project(this.map.getCenter()));
        };
        canvas.addEventListener('keydown', enter, {signal: this.stop.signal});
    }

    private ask(point: PointLike): void {
        void this.panel.show(findHits(this.map, point, this.options.layers));
    }
}

function withVisible(style: StyleSpecification, visible: ReadonlySet<string>): StyleSpecification {
    const layers = style.layers.map((layer) => {
        const [owner = ''] = layer.id.split('/');
        if (layer.type === 'background' || owner.startsWith('ondergrond:')) return layer;
        const visibility = visible.has(owner) ? 'visible' : 'none';
        return {...layer, layout: {...layer.layout, visibility}} as typeof layer;
    });
    return {...style, layers};
}

function withMoment(style: StyleSpecification, layers: Layer[], moment: Moment): StyleSpecification {
    const filters = momentFilters(style, layers, moment);
    return {...style, layers: style.layers.map((layer) => (filters.has(layer.id) ? ({...layer, filter: filters.get(layer.id)} as typeof layer) : layer))};
}

/** Per drawing of a layer of beelden its own filter, narrowed to one year of one beeld. */
function momentFilters(style: StyleSpecification, layers: Layer[], moment: Moment): Map<string, FilterSpecification> {
    const owners = new Set(layers.filter((layer) => layer.moments.length).map((layer) => layer.id));
    const now: ExpressionFilterSpecification = ['all', ['==', ['get', 'jaar'], moment.jaar], ['==', ['get', 'beeld'], moment.beeld]];
    const narrowed = style.layers
        .filter((layer) => owners.has(layer.id.split('/')[0] ?? ''))
        .map((layer): [string, FilterSpecification] => {
            const own = 'filter' in layer ? layer.filter : undefined;
            return [layer.id, (own ? ['all', own, now] : now) as FilterSpecification];
        });
    return new Map(narrowed);
}

function bounds([west, south, east, north]: Extent): LngLatBoundsLike {
    return [
        [west, south],
        [east, north],
    ];
}
