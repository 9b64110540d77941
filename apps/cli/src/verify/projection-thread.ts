import { parentPort, workerData } from 'node:worker_threads';
import { verifyProjections } from './projection-work';

type Order = Readonly<{ folder: string; stop: SharedArrayBuffer }>;

/** Entry of the thread that rebuilds the read models beside the checks of the log. */
const main = ({ folder, stop }: Order): void => {
  const flag = new Int32Array(stop);
  const stopped = () => Atomics.load(flag, 0) === 1;
  const onProgress = (done: number, total: number) => parentPort?.postMessage({ kind: 'progress', done, total });
  parentPort?.postMessage({ kind: 'outcome', outcome: verifyProjections({ folder, stopped, onProgress }) });
};

main(workerData as Order);
