import { type Html, html, page, time } from './page.ts';
import type { SandboxPost } from './sandbox.ts';
import { engagement, FORMULA, followers } from './sandbox-engagement.ts';

/** Every account that posted, with its posts as cards. */
export function sandboxPage(posts: readonly SandboxPost[], baseUrl: string): string {
  const accounts = [...new Set(posts.map((post) => post.account))].sort();
  const body = accounts.length
    ? html`${accounts.map((account) => section(account, postsOf(posts, account), baseUrl))}`
    : html`<p class="soft">Nothing has been published yet.</p>`;
  return sandboxFrame('Sandbox network', body, baseUrl);
}

export function accountPage(account: string, posts: readonly SandboxPost[], baseUrl: string): string {
  return sandboxFrame(`@${account}`, section(account, posts, baseUrl), baseUrl);
}

export function postPage(post: SandboxPost, baseUrl: string): string {
  return sandboxFrame(
    `@${post.account}`,
    html`<h2><a href="${baseUrl}/${post.account}">@${post.account}</a></h2>${card(post, baseUrl)}`,
    baseUrl,
  );
}

function sandboxFrame(title: string, content: Html, baseUrl: string): string {
  return page(
    title,
    html`<h1><a href="${baseUrl}">Sandbox network</a></h1>
<p class="soft">A network to try Sendeplan out with. It exists on this laptop only, nobody reads it, and its engagement
is computed: ${FORMULA}</p>${content}`,
    { refreshSeconds: 10 },
  );
}

function section(account: string, posts: readonly SandboxPost[], baseUrl: string): Html {
  return html`<h2><a href="${baseUrl}/${account}">@${account}</a>
<small>${followers(account, posts.length)} followers, ${posts.length} ${posts.length === 1 ? 'post' : 'posts'}</small></h2>
<div class="cards">${posts.map((post) => card(post, baseUrl))}</div>`;
}

function card(post: SandboxPost, baseUrl: string): Html {
  const numbers = engagement(post.id, Date.now() - post.at);
  const link = post.link ? html`<p><a href="${post.link}" rel="noreferrer">${post.link}</a></p>` : html``;
  const images = (post.media ?? []).map(
    ({ name, alt }) => html`<p><img src="${baseUrl}/media/${name}" alt="${alt}"></p>`,
  );
  return html`<article class="card"><p class="words">${post.text}</p>${images}${link}
<p class="numbers soft"><span>${numbers.views} views</span><span>${numbers.reactions} reactions</span>
<span>${numbers.replies} replies</span><span>${numbers.shares} shares</span></p>
<small><a href="${baseUrl}/posts/${post.id}">${time(new Date(post.at).toISOString())}</a></small></article>`;
}

function postsOf(posts: readonly SandboxPost[], account: string): readonly SandboxPost[] {
  return posts.filter((post) => post.account === account);
}
