/** The engine's own tools, by the type of their item. */
const ownTools: Readonly<Record<string, string>> = {
  commandExecution: 'shell',
  fileChange: 'apply_patch',
  webSearch: 'web_search',
  imageView: 'view_image',
  imageGeneration: 'image_generation',
};

/** What an item calls; undefined for one that is no call of a tool. */
export function toolOf({ type, tool, server, namespace }: Record<string, unknown>): string | undefined {
  if (typeof type !== 'string') return undefined;
  if (Object.hasOwn(ownTools, type)) return ownTools[type];
  if (typeof tool !== 'string') return undefined;
  const owner = server ?? namespace;
  return typeof owner === 'string' ? `${owner}/${tool}` : tool;
}
