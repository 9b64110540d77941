import type { Lane } from '#libs/application';
import { laneQueue } from './lane-queue';

const item = (lane: Lane, name: string, bytes = 1) => ({ lane, name, bytes });
const queueOf = (...items: ReturnType<typeof item>[]) => {
  const queue = laneQueue<ReturnType<typeof item>>();
  for (const each of items) queue.add(each);
  return queue;
};
const names = (batch: readonly { name: string }[]): string => batch.map(({ name }) => name).join(' ');

describe('lanes of a commit', () => {
  it('takes interactive appends first, then jobs, each in the order of arrival', () => {
    const queue = queueOf(item('job', 'j1'), item('interactive', 'i1'), item('job', 'j2'), item('interactive', 'i2'));
    expect(names(queue.takeBatch({ items: 10, bytes: 100 }))).toBe('i1 i2 j1 j2');
    expect(queue.size()).toBe(0);
  });

  it('gives jobs at most half of a commit, even when nothing else waits', () => {
    const queue = queueOf(item('job', 'j1'), item('job', 'j2'), item('job', 'j3'));
    expect(names(queue.takeBatch({ items: 4, bytes: 100 }))).toBe('j1 j2');
    expect(names(queue.takeBatch({ items: 4, bytes: 2 }))).toBe('j3');
  });

  it('gives jobs only what interactive appends leave', () => {
    const queue = queueOf(
      item('interactive', 'i1'),
      item('interactive', 'i2'),
      item('interactive', 'i3'),
      item('job', 'j1'),
      item('job', 'j2'),
    );
    expect(names(queue.takeBatch({ items: 4, bytes: 100 }))).toBe('i1 i2 i3 j1');
    expect(names(queue.takeBatch({ items: 4, bytes: 100 }))).toBe('j2');
  });

  it('keeps a commit within its bytes, but lets one append through however big it is', () => {
    const queue = queueOf(item('interactive', 'big', 500), item('interactive', 'i1', 60), item('interactive', 'i2', 60));
    expect(names(queue.takeBatch({ items: 10, bytes: 100 }))).toBe('big');
    expect(names(queue.takeBatch({ items: 10, bytes: 100 }))).toBe('i1');
    expect(names(queue.takeBatch({ items: 10, bytes: 100 }))).toBe('i2');
    expect(queue.bytes()).toBe(0);
  });

  it('forgets what no longer waits', () => {
    const gone = item('interactive', 'gone', 7);
    const queue = queueOf(gone, item('interactive', 'i1'));
    queue.drop(gone);
    expect([queue.size(), queue.bytes()]).toEqual([1, 1]);
    expect(names(queue.takeBatch({ items: 10, bytes: 100 }))).toBe('i1');
  });
});
