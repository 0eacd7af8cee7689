/** The panel that says in Dutch what lies under the point that was clicked; what the tile leaves out is asked from the service. */
import {at} from '../address';
import {fetchFeature, type Feature, type Layer} from '../contents';
import {h, outward} from '../dom';
import {formatCount, formatValue} from '../format';
import type {Hit} from '../map/hits';

const MOST_MISSING = 8;

export interface PanelEvents {
    chosen(feature: Feature): void;
    closed(): void;
}

export class FeaturePanel {
    private asked = new AbortController();
    private readonly stop = new AbortController();
    private returnTo: Element | null = null;

    constructor(
        private readonly root: HTMLElement,
        private readonly events: PanelEvents,
    ) {
        const escape = (event: KeyboardEvent): void => {
            if (event.key === 'Escape') this.close();
        };
        root.addEventListener('keydown', escape, {signal: this.stop.signal});
    }

    async show(hits: Hit[]): Promise<void> {
        if (!hits.length) return this.close();
        this.asked.abort();
        this.asked = new AbortController();
        this.returnTo = document.activeElement;
        const cards = hits.map((hit) => new Card(hit, this.asked.signal, this.events));
        const close = h('button', {type: 'button', class: 'close', 'aria-label': 'Sluiten'}, '×');
        close.addEventListener('click', () => this.close());
        const heading = h('h2', {tabindex: -1}, hits.length === 1 ? 'Op deze plek' : `Op deze plek: ${hits.length} objecten`);
        this.root.replaceChildren(h('div', {class: 'panel-head'}, heading, close), ...cards.map((card) => card.root));
        this.root.hidden = false;
        heading.focus({preventScroll: true});
        await cards[0]?.open();
    }

    close(): void {
        if (this.root.hidden) return;
        this.asked.abort();
        this.root.hidden = true;
        this.root.replaceChildren();
        this.events.closed();
        if (this.returnTo instanceof HTMLElement) this.returnTo.focus({preventScroll: true});
    }

    remove(): void {
        this.close();
        this.stop.abort();
    }
}

class Card {
    readonly root: HTMLDetailsElement;
    private readonly name = h('span', {class: 'name'});
    private readonly body = h('div', {class: 'card-body'});
    private feature: Promise<Feature> | undefined;

    constructor(
        private readonly hit: Hit,
        private readonly signal: AbortSignal,
        private readonly events: PanelEvents,
    ) {
        this.root = h('details', {class: 'card', name: 'objecten'}, h('summary', {}, h('span', {class: 'kind'}, hit.layer.title), this.name), this.body);
        this.name.textContent = hit.name ?? '';
        this.root.addEventListener('toggle', () => this.root.open && void this.fill(), {signal});
    }

    async open(): Promise<void> {
        this.root.open = true;
        await this.fill();
    }

    private async fill(): Promise<void> {
        const first = this.feature === undefined;
        this.feature ??= fetchFeature(this.hit.layer, this.hit.id, this.signal);
        if (first) this.body.replaceChildren(h('p', {class: 'wait', role: 'status'}, 'Gegevens ophalen…'));
        try {
            const feature = await this.feature;
            this.events.chosen(feature);
            if (first) this.write(feature);
        } catch (fault) {
            if (this.signal.aborted) return;
            this.feature = undefined;
            this.body.replaceChildren(h('p', {role: 'alert'}, fault instanceof Error ? fault.message : 'De gegevens zijn niet op te halen.'));
        }
    }

    private write(feature: Feature): void {
        const {layer, id} = this.hit;
        const name = layer.label ? feature.properties[layer.label] : null;
        this.name.textContent = String(name ?? this.hit.name ?? id);
        const address = at(`v1/collections/${layer.id}`);
        this.body.replaceChildren(
            this.hit.stands > 1 ? h('p', {class: 'crowd'}, `Hier liggen ${formatCount(this.hit.stands)} objecten dicht bij elkaar; dit is er een van. Zoom in voor de andere.`) : '',
            attributes(layer, feature),
            h(
                'p',
                {class: 'actions'},
                h('a', {href: `${address}/items/${encodeURIComponent(id)}?f=html`}, 'Dit object'),
                h('a', {href: `${address}?f=html`}, 'Alles van deze laag'),
            ),
        );
    }
}

/** What has a value as a list, and in one sentence what has none: missing is something else than zero, but needs no row. */
function attributes(layer: Layer, feature: Feature): HTMLElement {
    const list = h('dl', {});
    const missing: string[] = [];
    for (const [name, property] of Object.entries(layer.properties)) {
        const text = name === layer.label ? '' : formatValue(feature.properties[name], property);
        if (text === null) missing.push(property.title.toLowerCase());
        else if (text !== '') list.append(h('dt', {title: property.description}, property.title), h('dd', {}, outward(text, text)));
    }
    return h('div', {}, list, lacking(missing));
}

function lacking(missing: string[]): HTMLElement | null {
    if (!missing.length) return null;
    const sentence = h('p', {class: 'missing'}, `Geen gegeven: ${missing.join(', ')}.`);
    if (missing.length <= MOST_MISSING) return sentence;
    return h('details', {class: 'missing'}, h('summary', {}, `Geen gegeven bij ${missing.length} onderwerpen`), sentence);
}
