import { type ComponentChildren, options, type VNode } from 'preact';
import { visible } from './visible.ts';

/**
 * Every text of every element goes through `visible`: text of an engine or a model occurs in too many places to rely on
 * each of them.
 */
export function showVisible(): void {
  const before = options.vnode;
  options.vnode = (vnode: VNode) => {
    const { type, props } = vnode as VNode<{ children?: ComponentChildren; title?: string }>;
    if (typeof type === 'string') {
      if (props.children !== undefined) props.children = shown(props.children);
      if (typeof props.title === 'string') props.title = visible(props.title);
    }
    before?.(vnode);
  };
}

function shown(children: ComponentChildren): ComponentChildren {
  if (typeof children === 'string') return visible(children);
  return Array.isArray(children) ? children.map(shown) : children;
}
