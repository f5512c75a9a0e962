/**
 * Every rule a finding can name, with its sentence in English and German; `{name}` is filled from `params`, and
 * `{where}` names the field at the finding's path.
 */
export const RULES = {
  // shape of the request
  not_json: { en: 'The body is not JSON.', de: 'Der Inhalt ist kein JSON.' },
  required: { en: '{where} is required.', de: '{where} fehlt.' },
  unknown_field: { en: 'There is no field “{field}” here.', de: 'Ein Feld „{field}“ gibt es hier nicht.' },
  wrong_type: { en: '{where} must be {expected}.', de: '{where} muss {expected} sein.' },
  invalid_value: { en: '{where} {rule}.', de: '{where} {rule}.' },
  too_long: { en: '{where}: at most {limit} {unit}.', de: '{where}: höchstens {limit} {unit}.' },
  too_short: { en: '{where}: at least {limit} {unit}.', de: '{where}: mindestens {limit} {unit}.' },
  // who and what
  unknown_channel: {
    en: 'There is no such channel in this brand.',
    de: 'Diesen Kanal gibt es in dieser Marke nicht.',
  },
  unknown_brand: { en: 'There is no such brand.', de: 'Diese Marke gibt es nicht.' },
  unknown_network: { en: 'There is no network “{network}”.', de: 'Ein Netzwerk „{network}“ gibt es nicht.' },
  network_retired: {
    en: '{network} has not taken posts since {retiredOn}; instead: {successors}.',
    de: '{network} nimmt seit {retiredOn} keine Beiträge mehr an; stattdessen: {successors}.',
  },
  variant_twice: {
    en: '“{key}” means {other}, which has a variant already.',
    de: '„{key}“ bedeutet {other}; dafür gibt es schon eine Variante.',
  },
  unknown_variant: {
    en: '“{key}” is neither a listed channel nor the network of one.',
    de: '„{key}“ ist weder ein genannter Kanal noch das Netzwerk eines solchen.',
  },
  base_still_shown: {
    en: 'Null takes away what a variant says itself; here the post’s own “{field}” is shown now. To leave it out of one variant, take it from content and give it to the other variants.',
    de: 'Null nimmt weg, was eine Variante selbst sagt; hier steht nun „{field}“ des Beitrags. Soll es in einer Variante fehlen: aus content nehmen und den anderen Varianten geben.',
  },
  channels_empty: { en: 'Name at least one channel.', de: 'Mindestens ein Kanal ist nötig.' },
  channel_twice: { en: 'This channel is listed twice.', de: 'Dieser Kanal ist doppelt genannt.' },
  channel_not_connected: {
    en: 'The channel “{name}” must be reconnected first.',
    de: 'Der Kanal „{name}“ muss zuerst neu verbunden werden.',
  },
  channel_expires_before: {
    en: 'The login of “{name}” ends on {endsAt}, before this post is due: reconnect the channel by then.',
    de: 'Die Anmeldung von „{name}“ endet am {endsAt}, vor dem Termin dieses Beitrags: bis dahin neu verbinden.',
  },
  login_unsupported: {
    en: '{network} has no login of this kind: connect the channel with a credential.',
    de: '{network} kennt keine solche Anmeldung: Der Kanal wird mit Zugangsdaten verbunden.',
  },
  unknown_choice: {
    en: 'This login may not post as that account.',
    de: 'Mit dieser Anmeldung lässt sich nicht als dieses Konto veröffentlichen.',
  },
  // time
  time_required: { en: 'Say when: dueAt.', de: 'Wann? dueAt fehlt.' },
  time_past: { en: '{at} is in the past.', de: '{at} ist vorbei.' },
  time_too_far: { en: 'At most {days} days ahead.', de: 'Höchstens {days} Tage im Voraus.' },
  time_invalid: {
    en: 'There is no such date or time of day.',
    de: 'Dieses Datum oder diese Uhrzeit gibt es nicht.',
  },
  time_gap: {
    en: '{local} does not exist in {timeZone}: the clocks go forward. Nearest: {before} or {after}.',
    de: '{local} gibt es in {timeZone} nicht: Die Uhren werden vorgestellt. Am nächsten: {before} oder {after}.',
  },
  time_overlap: {
    en: '{local} happens twice in {timeZone}: {earlier} and {later}. Say which, by offset or disambiguation.',
    de: '{local} gibt es in {timeZone} zweimal: {earlier} und {later}. Bitte sagen, welche, durch Offset oder disambiguation.',
  },
  time_offset: {
    en: '{local} is no time in {timeZone}. There it is {said}.',
    de: '{local} ist keine Zeit in {timeZone}. Dort ist es {said}.',
  },
  // content
  text_empty: { en: 'The text is empty.', de: 'Der Text ist leer.' },
  text_garbled: {
    en: 'The text holds “�”, which stands for a character that was lost: was it sent as UTF-8?',
    de: 'Der Text enthält „�“, das für ein verlorenes Zeichen steht: Kam er als UTF-8?',
  },
  text_too_long: {
    en: '{network} counts {count} {unit}, the limit is {limit}.',
    de: '{network} zählt {count} {unit}, erlaubt sind {limit}.',
  },
  title_from_text: {
    en: '{network} shows the first words of the text as title: “{title}”. Say another one in options.title.',
    de: '{network} zeigt die ersten Worte des Textes als Titel: „{title}“. Einen anderen nennt options.title.',
  },
  title_missing: {
    en: '{network} has no title for this: say one in options.title, people find it by that.',
    de: 'Für {network} fehlt ein Titel: options.title nennt ihn, danach wird gesucht.',
  },
  option_invalid: { en: '{where} {rule}.', de: '{where} {rule}.' },
  media_unsupported: { en: '{network} takes no media here.', de: '{network} nimmt hier keine Medien an.' },
  thread_unsupported: { en: '{network} has no threads.', de: '{network} kennt keine Threads.' },
  first_comment_unsupported: {
    en: '{network} has no first comment.',
    de: '{network} kennt keinen ersten Kommentar.',
  },
  first_comment_off: {
    en: '{network} takes no comments on private videos and on those made for kids.',
    de: 'Zu privaten Videos und zu Videos für Kinder nimmt {network} keine Kommentare an.',
  },
  poll_unsupported: { en: '{network} has no polls.', de: '{network} kennt keine Umfragen.' },
  poll_question_unsupported: {
    en: '{network} polls have no question of their own: ask it in the text.',
    de: 'Umfragen auf {network} haben keine eigene Frage: Sie gehört in den Text.',
  },
  poll_option_twice: { en: 'This option is listed twice.', de: 'Diese Antwort steht doppelt da.' },
  poll_question_required: {
    en: '{network} polls need a question of their own.',
    de: 'Umfragen auf {network} brauchen eine eigene Frage.',
  },
  poll_minutes: {
    en: '{network} polls run for {shortest} to {longest} minutes.',
    de: 'Umfragen auf {network} laufen {shortest} bis {longest} Minuten.',
  },
  poll_whole_days: {
    en: '{network} polls run for whole days: this one for {days}.',
    de: 'Umfragen auf {network} laufen ganze Tage: diese {days}.',
  },
  poll_whole_hours: {
    en: '{network} polls run for whole hours: this one for {hours}.',
    de: 'Umfragen auf {network} laufen ganze Stunden: diese {hours}.',
  },
  poll_minutes_of: {
    en: '{network} polls run for one of these: {choices} minutes.',
    de: 'Umfragen auf {network} laufen eine dieser Zeiten: {choices} Minuten.',
  },
  poll_with_media: {
    en: '{network} takes either media or a poll.',
    de: '{network} nimmt entweder Medien oder eine Umfrage an.',
  },
  // media
  unknown_media: {
    en: 'There is no such file in this brand.',
    de: 'Diese Datei gibt es in dieser Marke nicht.',
  },
  media_refused: {
    en: 'This file is not taken: {reason}.',
    de: 'Diese Datei wird nicht angenommen: {reason}.',
  },
  media_waiting: {
    en: 'This file has not been uploaded completely yet.',
    de: 'Diese Datei ist noch nicht vollständig hochgeladen.',
  },
  files_not_granted: {
    en: '{network} lets this app post no files: it needs {scopes}. Grant that, and connect the channel again.',
    de: '{network} erlaubt dieser App keine Dateien: Sie braucht {scopes}. Das Recht geben und neu verbinden.',
  },
  media_too_few: {
    en: '{network} needs at least {limit} file(s).',
    de: '{network} braucht mindestens {limit} Datei(en).',
  },
  media_too_many: {
    en: '{network} takes at most {limit} file(s) in one post.',
    de: '{network} nimmt höchstens {limit} Datei(en) in einem Beitrag an.',
  },
  media_too_many_videos: {
    en: '{network} takes at most {limit} video(s) in one post.',
    de: '{network} nimmt höchstens {limit} Video(s) in einem Beitrag an.',
  },
  media_mixed: {
    en: '{network} takes only one kind of media in one post.',
    de: '{network} nimmt in einem Beitrag nur eine Art von Medien an.',
  },
  media_type: {
    en: '{network} does not take {type} here.',
    de: '{network} nimmt {type} hier nicht an.',
  },
  media_too_large: {
    en: 'This file is too large for {network}: at most {limit}.',
    de: 'Diese Datei ist zu groß für {network}: höchstens {limit}.',
  },
  media_too_large_together: {
    en: 'These files are too large together for {network}: at most {limit}.',
    de: 'Diese Dateien sind zusammen zu groß für {network}: höchstens {limit}.',
  },
  media_too_small: {
    en: 'This file is too small for {network}: {size}, at least {limit}.',
    de: 'Diese Datei ist zu klein für {network}: {size}, mindestens {limit}.',
  },
  media_too_few_bytes: {
    en: 'This file is too small for {network}: at least {limit}.',
    de: 'Diese Datei ist zu klein für {network}: mindestens {limit}.',
  },
  media_ratio: {
    en: '{network} does not take this shape: {size}, allowed is {limit}.',
    de: '{network} nimmt dieses Format nicht an: {size}, erlaubt ist {limit}.',
  },
  media_sizes_differ: {
    en: '{network} wants all images of one post in the same size.',
    de: '{network} will alle Bilder eines Beitrags in derselben Größe.',
  },
  media_frames: {
    en: 'This image moves with {frames} pictures; {network} takes at most {limit}.',
    de: 'Dieses Bild bewegt sich mit {frames} Einzelbildern; {network} nimmt höchstens {limit} an.',
  },
  media_codec: {
    en: '{network} does not take how this video is coded, only {limit}.',
    de: '{network} nimmt dieses Video so codiert nicht an, nur {limit}.',
  },
  media_too_short: {
    en: 'This video is too short for {network}: {seconds} s, at least {limit}.',
    de: 'Dieses Video ist zu kurz für {network}: {seconds} s, mindestens {limit}.',
  },
  media_too_long: {
    en: 'This video is too long for {network}: {seconds} s, at most {limit}.',
    de: 'Dieses Video ist zu lang für {network}: {seconds} s, höchstens {limit}.',
  },
  alt_missing: {
    en: 'Who cannot see this image reads nothing: add alt text.',
    de: 'Wer dieses Bild nicht sieht, liest nichts: Es fehlt der Alternativtext.',
  },
  alt_too_long: {
    en: 'Alt text on {network}: at most {limit} characters.',
    de: 'Alternativtext auf {network}: höchstens {limit} Zeichen.',
  },
  alt_unsupported: {
    en: '{network} has no alt text: this one will not be shown.',
    de: '{network} kennt keinen Alternativtext: Dieser wird nicht gezeigt.',
  },
  // what networks advise
  hashtags_many: {
    en: '{count} hashtags: {network} shows or counts at most {limit}.',
    de: '{count} Hashtags: {network} zeigt oder wertet höchstens {limit}.',
  },
  hashtags_advised: {
    en: '{count} hashtags: {network} advises at most {limit}.',
    de: '{count} Hashtags: {network} rät zu höchstens {limit}.',
  },
  cashtags_many: {
    en: '{count} cashtags ($NAME): {network} takes at most {limit} in one post.',
    de: '{count} Cashtags ($NAME): {network} nimmt höchstens {limit} in einem Beitrag an.',
  },
  links_many: {
    en: '{count} links: {network} takes at most {limit}.',
    de: '{count} Links: {network} nimmt höchstens {limit} an.',
  },
  link_not_clickable: {
    en: 'Links in the text cannot be clicked on {network}.',
    de: 'Links im Text sind auf {network} nicht anklickbar.',
  },
  phone_in_text: {
    en: '{network} refuses posts with a telephone number in the text.',
    de: '{network} lehnt Beiträge mit einer Telefonnummer im Text ab.',
  },
  button_unsupported: {
    en: '{network} shows no button here: leave this out.',
    de: '{network} zeigt hier keine Schaltfläche: bitte weglassen.',
  },
  link_shortened: {
    en: '{network} may hide or refuse shortened links: give the address itself.',
    de: '{network} blendet gekürzte Links oft aus oder lehnt sie ab: besser die Adresse selbst.',
  },
  api_version_ends: {
    en: '{network} ends version {version} of its API on {endsOn}: update Sendeplan before.',
    de: '{network} beendet Version {version} seiner Schnittstelle am {endsOn}: vorher Sendeplan aktualisieren.',
  },
  mentions_many: {
    en: '{count} mentions: {network} takes at most {limit}.',
    de: '{count} Erwähnungen: {network} nimmt höchstens {limit} an.',
  },
  mentions_off: {
    en: 'Nobody is notified of a mention on {network} unless options.mentions says so.',
    de: 'Eine Erwähnung auf {network} benachrichtigt niemanden, wenn options.mentions es nicht sagt.',
  },
  story_shows_no: {
    en: 'A story on {network} does not show this.',
    de: 'Eine Story auf {network} zeigt das nicht.',
  },
  // credentials
  credential_refused: {
    en: 'The network refused this credential: {reason}',
    de: 'Das Netzwerk lehnt diese Zugangsdaten ab: {reason}',
  },
  network_unreachable: {
    en: 'The network cannot be reached: {reason}',
    de: 'Das Netzwerk ist nicht erreichbar: {reason}',
  },
} as const satisfies Record<string, { en: string; de: string }>;
