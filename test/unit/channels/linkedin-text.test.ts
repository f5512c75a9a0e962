import { describe, expect, test } from 'vitest';
import { escapeLittleText } from '../../../shared/channels/linkedin/text.ts';
import { cpuMs } from '../../support/cpu-time.ts';

// How long texts are stands in `text-counting.test.ts`.
describe('escapeLittleText', () => {
  test.each([
    ['Hello World', 'Hello World'],
    ['Grüße 🥖\n\n故人', 'Grüße 🥖\n\n故人'],
    ['\\|{}@[]()<>#*_~', '\\\\\\|\\{\\}\\@\\[\\]\\(\\)\\<\\>\\#\\*\\_\\~'],
    ['up from 4% today (EPRI, 2024)', 'up from 4% today \\(EPRI, 2024\\)'],
    ['me@bakery.example', 'me\\@bakery.example'],
    ['https://bakery.example/a_b#c', 'https://bakery.example/a\\_b\\#c'],
    ['https://bakery.example/#c', 'https://bakery.example/\\#c'],
  ])('of %j is %j', (text, little) => {
    expect(escapeLittleText(text)).toBe(little);
  });

  test.each([
    ['#Brot #Brötchen, #2brote.', '#Brot #Brötchen, #2brote.'],
    ['(#Brot)', '\\(#Brot\\)'],
    ['「#タグ」', '「#タグ」'],
    ['#zwei_worte!', '{hashtag|\\#|zwei\\_worte}!'],
    ['C# # #1 #_ a#b', 'C\\# \\# \\#1 \\#\\_ a\\#b'],
    ['#Brot#Butter', '#Brot\\#Butter'],
  ])('keeps the hashtags that are some: %j is %j', (text, little) => {
    expect(escapeLittleText(text)).toBe(little);
  });

  test.each([
    ['Hello @[Acme Corp](urn:li:organization:1234)!', 'Hello @[Acme Corp](urn:li:organization:1234)!'],
    ['@[Eddy (Köln)](urn:li:person:a_B-1)', '@[Eddy \\(Köln\\)](urn:li:person:a_B-1)'],
    ['@[Eddy](urn:li:share:1)', '\\@\\[Eddy\\]\\(urn:li:share:1\\)'],
    ['@[Eddy] (urn:li:person:1)', '\\@\\[Eddy\\] \\(urn:li:person:1\\)'],
    ['@[](urn:li:person:1)', '\\@\\[\\]\\(urn:li:person:1\\)'],
  ])('keeps mentions of people and organisations: %j is %j', (text, little) => {
    expect(escapeLittleText(text)).toBe(little);
  });

  test('leaves nothing reserved but what it made itself', () => {
    const little = escapeLittleText('@[A](urn:li:person:1) #b_c @[x [y](z) #d {e} ~f~');
    const rest = little
      .replace(
        /@\[(?:[^\]\\]|\\.)*\]\(urn:li:person:1\)|\{hashtag\|\\#\|(?:[^}\\]|\\.)*\}|#[\p{L}\p{N}]+/gu,
        '',
      )
      .replace(/\\./g, '');
    expect(rest).not.toMatch(/[\\|{}@[\]()<>#*_~]/);
  });

  test('is quick with hostile texts', () => {
    const spent = cpuMs(() => {
      for (const part of ['#', '@[', '#1', ' #1', '@[a](urn:li:person:', '_1'])
        escapeLittleText(part.repeat(50_000));
    });
    expect(spent).toBeLessThan(2_000);
  });
});
