import { describe, expect, test } from 'vitest';
import { SessionBook } from './session-book.js';
import type { SessionMessage, TurnReport, WhileBusy } from './session.js';

function message(message_id: string, while_busy: WhileBusy = 'queue'): SessionMessage {
  return { message_id, agent: 'a', input: message_id, while_busy };
}

function report(id: string, more: Partial<TurnReport> = {}): TurnReport {
  return { turn_id: `s/${id}`, status: 'completed', last_response_id: `resp-${id}`, ...more };
}

function bookOf(...messages: readonly SessionMessage[]): SessionBook {
  const book = new SessionBook('s');
  for (const each of messages) book.accept(each);
  return book;
}

const queueOf = (book: SessionBook): readonly string[] =>
  book.progress().queue.map(({ message_id }) => message_id);

const statesOf = (book: SessionBook): readonly string[] =>
  book.turns().map(({ message_id, state }) => `${message_id} ${state}`);

describe('the queue', () => {
  test('has the same order whether or not the messages were sent to the running turn', () => {
    const books = [true, false].map((sent) => {
      const book = bookOf(message('first'));
      book.start('first');
      for (const next of [message('waits'), message('joins', 'steer'), message('stops', 'interrupt')]) {
        book.accept(next);
        if (sent) book.steer();
      }
      return book;
    });
    expect(books.map(queueOf)).toEqual([
      ['stops', 'joins', 'waits'],
      ['stops', 'joins', 'waits'],
    ]);
    for (const book of books) book.ended(report('first', { status: 'cancelled' }));
    expect(books.map(queueOf)).toEqual([
      ['stops', 'joins', 'waits'],
      ['stops', 'joins', 'waits'],
    ]);
  });
});

describe('a message that was sent to the running turn', () => {
  test('can be taken back, and counts as steered where the turn was faster', () => {
    const book = bookOf(message('first'), message('joins', 'steer'));
    book.start('first');
    book.steer();
    expect(book.cancel('joins')).toBe('joins');
    expect(statesOf(book)).toEqual(['first running', 'joins cancelled']);
    expect(queueOf(book)).toEqual([]);
    expect(book.taken('s/first', ['joins'])).toEqual(['joins']);
    expect(statesOf(book)).toEqual(['first running', 'joins steered']);
  });
});

describe('after a reset', () => {
  test('turns that had ended count as ended where their messages wait again', () => {
    const book = bookOf(
      message('one'),
      message('two'),
      message('joins', 'steer'),
      message('stops', 'interrupt'),
    );
    expect(book.taken('s/two', ['joins'])).toEqual(['joins']);
    expect(['one', 'two', 'stops'].map((id) => book.ended(report(id)))).toEqual([true, true, true]);
    expect(statesOf(book)).toEqual(['one completed', 'two completed', 'joins steered', 'stops completed']);
    expect(book.progress()).toMatchObject({ turns: 3, queue: [], previous_response_id: 'resp-stops' });
  });

  test('a report counts once, and one of a turn that nobody awaits not at all', () => {
    const book = bookOf(message('one'));
    expect([report('one'), report('one'), report('other')].map((each) => book.ended(each))).toEqual([
      true,
      false,
      false,
    ]);
    expect(book.progress().turns).toBe(1);
  });

  test('what an interrupted turn left unanswered goes ahead of the message that interrupted it', () => {
    const book = bookOf(message('one'), message('stops', 'interrupt'));
    book.ended(report('one', { status: 'cancelled', unanswered: [{ role: 'user', content: 'one' }] }));
    const [stops] = [book.next];
    expect(stops && book.inputFor(stops, { workflow_id: 's' }).input).toEqual([
      { role: 'user', content: 'one' },
      { role: 'user', content: 'stops' },
    ]);
  });
});

test('a turn of long ago that is looked at again does not take the session back', () => {
  const book = bookOf(message('one'), message('two'));
  for (const id of ['one', 'two']) {
    book.start(id);
    book.ended(report(id));
  }
  book.accept(message('old'));
  book.start('old');
  book.ended(report('old', { went_on_from: {} }));
  expect(book.progress().previous_response_id).toBe('resp-two');
  book.accept(message('next'));
  book.start('next');
  book.ended(report('next', { went_on_from: { previous_response_id: 'resp-two' } }));
  expect(book.progress().previous_response_id).toBe('resp-next');
});

test('of 1,500 messages the last 1,000 are remembered, and those that wait', () => {
  const book = bookOf(message('waits'));
  for (let n = 0; n < 1500; n++) {
    const id = `m${n}`;
    book.accept(message(id));
    book.start(id);
    book.ended(report(id));
  }
  expect(book.turns()).toHaveLength(1000);
  expect(book.accept(message('m1499'))).toBe(false);
  expect(book.accept(message('waits'))).toBe(false);
  expect(book.accept(message('m0'))).toBe(true);
});

test('no more joins a turn at once than one request takes; the rest joins in order, as others were taken', () => {
  const large = (id: string): SessionMessage => ({ ...message(id, 'steer'), input: 'x'.repeat(400 * 1024) });
  const book = bookOf(message('first'), ...['a', 'b', 'c'].map(large), message('small', 'steer'));
  const steered = (): readonly string[] => book.steer().map(({ message_id }) => message_id);
  book.start('first');
  expect([steered(), steered()]).toEqual([['a', 'b'], []]);
  expect(book.maySteer).toBe(true);
  book.taken('s/first', ['a', 'b']);
  expect(steered()).toEqual(['c', 'small']);
  expect(book.maySteer).toBe(false);
});

test('a message that is more than that joins by itself', () => {
  const book = bookOf(message('first'), { ...message('huge', 'steer'), input: 'x'.repeat(1000 * 1024) });
  book.start('first');
  expect(book.steer()).toHaveLength(1);
});
