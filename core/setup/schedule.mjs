/**
 * @template T
 * @typedef {object} Task
 * @property {number} cores how many cores it keeps busy
 * @property {() => Promise<T>} run
 */

/**
 * Runs tasks in their order, as many at once as the cores allow; a task that wants more cores than there are waits until it
 * has them all. A later task may start earlier where it fits beside what is running.
 * @template T
 * @param {readonly Task<T>[]} tasks
 * @param {number} cores
 * @returns {Promise<T[]>} in the order of the tasks
 */
export async function runTogether(tasks, cores) {
  const waiting = new Set(tasks);
  const running = new Set();
  /** @type {Map<Task<T>, T>} */
  const results = new Map();
  let free = cores;
  const begin = (/** @type {Task<T>} */ task) => {
    const taken = Math.min(task.cores, cores);
    free -= taken;
    waiting.delete(task);
    const promise = task.run().then((result) => {
      results.set(task, result);
      free += taken;
      running.delete(promise);
    });
    running.add(promise);
  };
  while (waiting.size > 0 || running.size > 0) {
    for (const task of [...waiting]) if (Math.min(task.cores, cores) <= free) begin(task);
    await Promise.race(running);
  }
  return tasks.map((task) => /** @type {T} */ (results.get(task)));
}
