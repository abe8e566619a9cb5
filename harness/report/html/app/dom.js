import { visible } from './visible.js';

/**
 * An element. Texts become text nodes, never markup: what an engine or a model wrote is shown and does nothing.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | ((event: Event) => void)>} attributes a function is a listener for the event of that name
 * @param {...(Node | string | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children) {
    if (child !== undefined) element.append(typeof child === 'string' ? visible(child) : child);
  }
  return element;
}

/**
 * A closed part whose content is made when it is first opened: a page of thousands of lines costs what is looked at.
 * @param {{ class?: string, open?: boolean }} options
 * @param {(Node | string)[]} summary
 * @param {() => Node} content
 */
export function folded({ class: name = '', open = false }, summary, content) {
  const details = el('details', { class: name, open }, el('summary', {}, ...summary));
  const fill = () => {
    if (details.childElementCount === 1) details.append(content());
  };
  if (open) fill();
  else details.addEventListener('toggle', fill);
  return details;
}
