/** The page as one element: loads what there is, then puts the frame, the list of layers, the map and the panel together. */
import {readState, writeLayers, writeMoment, type PageState} from './address';
import {fetchContents, layersOf, type Contents, type Layer} from './contents';
import {createFrame, type Frame} from './frame';
import {createLayerList} from './layer-list';
import {createMoments} from './moments';
import {createBronnen} from './bronnen';
import {h} from './dom';
import {hasWebGl} from './webgl';
import type {KaartMap} from './map/kaart-map';

export class EnergiebeeldKaart extends HTMLElement {
    private readonly stop = new AbortController();
    private map: KaartMap | undefined;

    connectedCallback(): void {
        void this.open();
    }

    disconnectedCallback(): void {
        this.stop.abort();
        this.map?.remove();
        this.replaceChildren();
    }

    private async open(): Promise<void> {
        this.replaceChildren(h('p', {class: 'message', role: 'status'}, 'De kaart wordt geladen…'));
        try {
            await this.show(await fetchContents(this.stop.signal));
        } catch (fault) {
            if (!this.stop.signal.aborted) this.explain(fault);
        }
    }

    private async show(contents: Contents): Promise<void> {
        const state = readState(location);
        const layers = layersOf(contents);
        const visible = new Set(state.layers ?? layers.filter((layer) => layer.shown).map((layer) => layer.id));
        const unknown = [...visible].filter((id) => !layers.some((layer) => layer.id === id));
        unknown.forEach((id) => visible.delete(id));

        const frame = createFrame(contents, state);
        this.replaceChildren(frame.root);
        if (unknown.length) frame.notify(`Deze kaartlaag bestaat niet (meer): ${unknown.join(', ')}.`);
        this.list(contents, layers, visible, frame, state);
        await this.draw(contents, layers, visible, frame, state);
    }

    private list(contents: Contents, layers: Layer[], visible: Set<string>, frame: Frame, state: PageState): void {
        const bronnen = createBronnen(contents);
        const moments = createMoments(state.moment, (moment, byHand) => {
            state.moment = moment;
            this.map?.setMoment(moment);
            if (byHand) writeMoment(moment);
        });
        const shown = (): Layer[] => layers.filter((layer) => visible.has(layer.id));
        const list = createLayerList(contents, visible, {
            switched: (layer, on) => {
                if (on) visible.add(layer.id);
                else visible.delete(layer.id);
                this.map?.setVisible(layer, on);
                bronnen.show(shown());
                moments.show(shown());
                writeLayers(visible);
            },
            sought: (layer) => this.map?.zoomTo(layer),
        });
        bronnen.show(shown());
        moments.show(shown());
        frame.sources.replaceChildren(bronnen.root);
        frame.list.replaceChildren(moments.root, state.embedded && state.layers ? list.compact(shown()) : list.root);
    }

    private async draw(contents: Contents, layers: Layer[], visible: Set<string>, frame: Frame, state: PageState): Promise<void> {
        if (!layers.length) return frame.replaceMap('Er is nog niets gepubliceerd. Zodra dat gebeurt, staan de kaartlagen hier.');
        if (!hasWebGl()) {
            frame.openList();
            return frame.replaceMap(
                'Deze browser kan de kaart niet tekenen (WebGL 2 ontbreekt of staat uit). De kaartlagen staan in de lijst; achter elke laag staat een link naar de gegevens.',
            );
        }
        const {openMap} = await import('./map/kaart-map');
        if (this.stop.signal.aborted) return;
        this.map = await openMap(frame, {contents, layers, visible, embedded: state.embedded, moment: state.moment});
    }

    private explain(fault: unknown): void {
        const reason = fault instanceof Error ? fault.message : String(fault);
        this.replaceChildren(
            h(
                'div',
                {class: 'message', role: 'alert'},
                h('h1', {}, 'De kaart kan nu niet worden getoond'),
                h('p', {}, reason),
                h('p', {}, h('a', {href: 'v1/collections?f=html'}, 'Naar de lijst van kaartlagen')),
            ),
        );
    }
}
