import type { Contract, RequestEntry } from '../../harness/contract/types.ts';
import { type Gaps, gapComment, refuseGaps } from './gaps.ts';
import type { Merged } from './merged-contract.ts';
import { docBlock, spanTags } from './type-expression.ts';

/**
 * The source of `sdk/protocol/rpc.ts`: every client request as a typed method, named after it in camelCase, and the table behind them.
 * It is a gap when two requests would have the same name: the later one is not in the menu.
 */
export function rpcMenu({ methods, schema }: Contract, gaps: Gaps = refuseGaps): string {
  const names = new Map<string, string>();
  const comments: string[] = [];
  for (const method of Object.keys(methods.clientRequests)) {
    const name = rpcName(method);
    const taken = names.get(name);
    if (taken === undefined) {
      names.set(name, method);
      continue;
    }
    const gap = `Naming the request ${method}: ${name} is ${taken} already`;
    gaps.tell(gap);
    comments.push(`  ${gapComment(gap)}`);
  }
  const entries = Object.entries<Merged<RequestEntry>>(methods.clientRequests).filter(
    ([method]) => names.get(rpcName(method)) === method,
  );
  const used = new Set(entries.flatMap(([, { params, result }]) => (params === null ? [result] : [params, result])));
  const imports = [...used].sort().map((name) => `  ${name},`);
  const signatures = entries.map(([method, entry]) => {
    const tags = [...(entry.stability === 'experimental' ? ['@experimental'] : []), ...spanTags(entry)];
    return `${docBlock(tags, '  ', `\`${method}\`.`)}  ${rpcName(method)}(${parameters(entry, mayBeEmpty(entry, schema))}): Promise<${entry.result}>;`;
  });
  const table = [...names].map(([name, method]) => `  ${name}: '${method}',`);
  return `
import type {
${imports.join('\n')}
} from './types.ts';

/** Every request of the contract as a method, stable unless stated otherwise; \`Options\` are those of a call. */
export interface RpcMenu<Options> {
${signatures.join('\n')}
}

/** The wire name of each method of the menu. */
export const rpcMethods = {
${[...table, ...comments].join('\n')}
} as const;
`;
}

/** `thread/increment_elicitation` → `threadIncrementElicitation`. */
export function rpcName(method: string): string {
  return method.replace(/[/_](.)/g, (_, first: string) => first.toUpperCase());
}

function parameters({ params, paramsRequired }: RequestEntry, empty: boolean): string {
  const options = 'options?: Options | undefined';
  if (params === null) return options;
  const given = paramsRequired ? params : `${params} | null`;
  return `params${paramsRequired && !empty ? '' : '?'}: ${given}${paramsRequired && !empty ? '' : ' | undefined'}, ${options}`;
}

/** Whether an object without any field is of the type. */
function mayBeEmpty({ params }: RequestEntry, { definitions }: Contract['schema']): boolean {
  const definition = params === null ? undefined : definitions[params];
  return (
    definition?.type === 'object' && !definition.oneOf && !definition.anyOf && (definition.required ?? []).length === 0
  );
}
