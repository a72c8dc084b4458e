// Lesson 22: How many workers?
//
// A page has a picture, and whoever loads the page hands the picture to the pool and waits for it.
// When all workers wait, none is left to load a picture. More workers only need more pages.
//
// Goal: Every page comes with its picture, for any number of workers.
// Find: deadlock
// Fix: Let a worker never wait for work that only another worker can do.
// Hint: Who waits for the picture could load it meanwhile.
// Keep: prints "all pages have their pictures"
// Keep: starts 2 goroutines
// Keep: main as it is
// Keep: startPool as it is

import { type Chan, chan, go } from "happens-before/go";

const workers = 2;

class Job {
  readonly hasPicture: boolean;
  readonly loaded: Chan<boolean>;

  constructor(hasPicture: boolean) {
    this.hasPicture = hasPicture;
    this.loaded = chan<boolean>(1);
  }
}

async function load(job: Job, jobs: Chan<Job>): Promise<void> {
  if (job.hasPicture) {
    const picture = new Job(false);
    await jobs.send(picture);
  }
  await job.loaded.send(true);
}

function startPool(jobs: Chan<Job>): void {
  for (let i = 0; i < workers; i++) {
    go(async () => {
      for await (const job of jobs) await load(job, jobs);
    });
  }
}

async function main(): Promise<void> {
  const jobs = chan<Job>();
  startPool(jobs);
  const pages: Job[] = [];
  for (let i = 0; i < workers; i++) pages.push(new Job(true));
  for (const page of pages) await jobs.send(page);
  for (const page of pages) await page.loaded.receive();
  jobs.close();
  console.log("all pages have their pictures");
}

await main();
