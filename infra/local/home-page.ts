import type { KeptEvent } from './bus-stand-in.ts';
import { htmlAnswer, jsonAnswer, type LocalAnswer, type LocalRequest } from './local-answer.ts';
import { html, page } from './page.ts';

/** `/`: where everything is on this laptop. */
export function homeAnswer(): LocalAnswer {
  const places = [
    ['/docs', 'The API', 'what can be asked for, and how'],
    ['/inbox', 'Inbox', 'the mails that were sent'],
    ['/sandbox', 'Sandbox network', 'what was published there'],
    ['/events', 'Events', 'the newest facts on the event bus, as JSON'],
  ] as const;
  return htmlAnswer(
    page(
      'Sendeplan',
      html`<h1>Sendeplan on this laptop</h1><p class="soft">The API key is in <code>local.json</code> in the data folder.</p>
<ul class="list few">${places.map(
        ([path, name, what]) =>
          html`<li><a href="${path}"><strong>${name}</strong><br><small>${what}</small></a></li>`,
      )}</ul>`,
      { isHome: true },
    ),
  );
}

/** `/events`: the newest thousand events, newest first; `?type=` picks one sort. */
export function eventsAnswer(events: readonly KeptEvent[], request: LocalRequest): LocalAnswer {
  const type = request.query.get('type');
  return jsonAnswer(
    200,
    events.filter((event) => type === null || event.type === type),
  );
}
