/** Entry of the page: registers the one element that the page consists of. */
import './styles/base.css';
import './styles/frame.css';
import './styles/layer-list.css';
import './styles/panel.css';
import './styles/map.css';
import {EnergiebeeldKaart} from './energiebeeld-kaart';

customElements.define('energiebeeld-kaart', EnergiebeeldKaart);
