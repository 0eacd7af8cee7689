/** Makes DOM elements in one expression; text is always text, never HTML. */

type Attributes = Record<string, string | number | boolean | null>;
type Child = Node | string | null;

export function h<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (value === true) element.setAttribute(key, '');
        else if (value !== false && value !== null) element.setAttribute(key, String(value));
    }
    element.append(...children.filter((child) => child !== null));
    return element;
}

/** Shows an SVG drawing made by the service as an image that says nothing by itself. */
export function drawing(svg: string): HTMLImageElement {
    return h('img', {src: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt: '', class: 'drawing'});
}

/** A link to another site, or just its text when the address is not one of the web. */
export function outward(address: string, text: string): Node {
    return /^https?:\/\//.test(address) ? h('a', {href: address, rel: 'noopener', target: '_blank'}, text) : document.createTextNode(text);
}
