import { curl } from './docs-example.ts';
import { fieldTable } from './docs-fields.ts';
import { guide, guideSections } from './docs-guide.ts';
import { escapeHtml, markdown, ORIGIN, slug } from './docs-html.ts';
import { STYLE } from './docs-style.ts';
import type { OpenApi, Operation, Parameter } from './openapi.ts';

/** The document as one readable page: no script, no font, no picture, nothing from elsewhere. */
export function docsPage(document: OpenApi): string {
  const groups = document.tags.map(({ name }) => ({ name, entries: entriesOf(document, name) }));
  const menu = [
    ...guideSections.map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`),
    ...groups.map(
      ({ name, entries }) =>
        `<li class="group"><a href="#${slug(name)}">${escapeHtml(name)}</a><ul>${entries.map(menuEntry).join('')}</ul></li>`,
    ),
  ].join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(document.info.title)} API</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header><div><strong>${escapeHtml(document.info.title)}</strong> <span>${escapeHtml(document.info.summary)}</span></div></header>
<div class="page">
<nav aria-label="Contents"><input type="checkbox" id="menu"><label for="menu">Contents</label><ul>${menu}</ul></nav>
<main id="content">
${guide(document)}
${groups.map(({ name, entries }) => group(document, name, entries)).join('\n')}
</main>
</div>
</body>
</html>
`;
}

type Entry = { readonly method: string; readonly path: string; readonly operation: Operation };

function entriesOf(document: OpenApi, tag: string): readonly Entry[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation.tags.includes(tag) ? [{ method: method.toUpperCase(), path, operation }] : [],
    ),
  );
}

function menuEntry({ method, operation }: Entry): string {
  return `<li><a href="#${operation.operationId}"><b class="m ${method}">${method}</b><span>${escapeHtml(operation.summary)}</span></a></li>`;
}

function group(document: OpenApi, name: string, entries: readonly Entry[]): string {
  return `<section id="${slug(name)}"><h2>${escapeHtml(name)}</h2>${entries.map((entry) => article(document, entry)).join('\n')}</section>`;
}

function article(document: OpenApi, entry: Entry): string {
  const { method, path, operation } = entry;
  const scope = operation['x-scope'];
  const wide = scope === 'public' ? 'needs no key' : `key: ${scope}`;
  return `<article id="${operation.operationId}">
<h3>${escapeHtml(operation.summary)} <span class="scope ${scope}">${wide}</span></h3>
<p class="line"><b class="m ${method}">${method}</b> <code>${path.replace(/\{(\w+)\}/g, '<i>{$1}</i>')}</code></p>
${operation.description === undefined ? '' : markdown(operation.description)}
${parameterTable(operation.parameters ?? [])}
${bodyTable(document, operation)}
<h4>Example</h4>
<pre><code>${escapeHtml(curl(document, entry, ORIGIN))}</code></pre>
${answerList(document, operation)}
</article>`;
}

function parameterTable(parameters: readonly Parameter[]): string {
  const told = parameters.filter((parameter) => parameter.in !== 'path');
  if (told.length === 0) return '';
  const rows = told.map(({ name, in: where, required, description, schema }) => {
    const limits = [
      schema.enum === undefined ? (schema.format ?? schema.type ?? '') : schema.enum.map(String).join(' · '),
      schema.default === undefined ? '' : `default ${JSON.stringify(schema.default)}`,
      required ? 'required' : '',
    ].filter(Boolean);
    const label =
      where === 'header'
        ? `<code>${escapeHtml(name)}</code> <small>header</small>`
        : `<code>${escapeHtml(name)}</code>`;
    return `<tr><th scope="row">${label}</th><td><small>${escapeHtml(limits.join(', '))}</small>${description === undefined ? '' : `<br>${markdown(description, true)}`}</td></tr>`;
  });
  return `<h4>Parameters</h4><table><tbody>${rows.join('')}</tbody></table>`;
}

function bodyTable(document: OpenApi, { requestBody }: Operation): string {
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (type === undefined || media === undefined) return '';
  const kind = type === 'application/json' ? '' : ` <small>${type}</small>`;
  return `<h4>Body${kind}</h4>${fieldTable(document, media.schema, 'request')}`;
}

function answerList(document: OpenApi, { responses }: Operation): string {
  const good = Object.entries(responses).flatMap(([status, response]) => {
    if ('$ref' in response) return [];
    const content = Object.entries(response.content ?? {});
    const types = content.map(([type]) => type).filter((type) => type !== 'application/json');
    const schema = response.content?.['application/json']?.schema;
    const also =
      types.length === 0
        ? ''
        : ` <small>${schema === undefined ? '' : 'also as '}${types.join(', ')}</small>`;
    const head = `<b class="ok">${status}</b> ${escapeHtml(response.description)}${also}`;
    return schema === undefined
      ? [`<p>${head}</p>`]
      : [`<details><summary>${head}</summary>${fieldTable(document, schema, 'answer')}</details>`];
  });
  const bad = Object.keys(responses).filter(
    (status) => '$ref' in (responses[status] ?? {}) && status !== 'default',
  );
  const refusals =
    bad.length === 0
      ? ''
      : `<p class="bad">Refusals: ${bad.map((status) => `<a href="#problems">${status}</a>`).join(' ')}</p>`;
  return `<h4>Answers</h4>${good.join('')}${refusals}`;
}
