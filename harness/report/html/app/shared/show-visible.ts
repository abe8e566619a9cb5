import { type ComponentChildren, options, type VNode } from 'preact';

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

/** Controls, format characters, line and paragraph separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Shows invisible characters, and those that change the writing direction of what follows, as `\u{…}`: two texts that
 * differ in one of them must not look alike, and none may make a line read as another. Line ends and tabs stay.
 */
const visible = (text: string): string =>
  text.replace(unseen, (character) =>
    character === '\n' || character === '\t' ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
