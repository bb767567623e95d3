"""The combiner: each caller gets its own answer, and never somebody else's error."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from inventory_site.core.combiner import Combiner


def at_once(combiner, jobs):
    def submit(job):
        try:
            return combiner.submit(job)
        except ValueError as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(submit, jobs))


def test_each_caller_gets_its_own_answer_and_they_are_combined():
    sizes = []

    def run(jobs):
        sizes.append(len(jobs))
        time.sleep(0.005)
        return [job * 10 for job in jobs]

    combiner = Combiner(run=run, most=64)
    assert at_once(combiner, range(200)) == [job * 10 for job in range(200)]
    assert max(sizes) > 1
    assert sum(sizes) == 200


def test_an_error_of_one_is_its_own():
    def run(jobs):
        return [ValueError(f"no {job}") if job % 3 == 0 else job for job in jobs]

    answers = at_once(Combiner(run=run), range(60))
    for job, answer in enumerate(answers):
        assert (str(answer) == f"no {job}") if job % 3 == 0 else (answer == job)


def test_a_batch_that_fails_as_a_whole_leaves_each_to_its_own_thread():
    threads = {}

    def run(jobs):
        if len(jobs) > 1:
            time.sleep(0.01)
            raise RuntimeError("the batch as a whole")
        threads[jobs[0]] = threading.get_ident()
        time.sleep(0.005)
        if jobs[0] == 13:
            raise ValueError("unlucky")
        return list(jobs)

    answers = at_once(Combiner(run=run), range(40))
    assert str(answers[13]) == "unlucky"
    assert [answer for job, answer in enumerate(answers) if job != 13] == [
        job for job in range(40) if job != 13
    ]
    assert len(set(threads.values())) > 10


def test_alone_it_adds_no_wait():
    combiner = Combiner(run=lambda jobs: list(jobs))
    began = time.perf_counter()
    for job in range(2000):
        assert combiner.submit(job) == job
    assert time.perf_counter() - began < 2


def test_no_more_than_so_many_at_once():
    sizes = []

    def run(jobs):
        sizes.append(len(jobs))
        time.sleep(0.002)
        return list(jobs)

    at_once(Combiner(run=run, most=4), range(100))
    assert max(sizes) <= 4


@pytest.mark.parametrize("failing", [KeyboardInterrupt, SystemExit])
def test_a_leader_that_is_interrupted_passes_the_lead_on(failing):
    calls = []

    def run(jobs):
        calls.append(list(jobs))
        if jobs == ["first"]:
            raise failing
        return list(jobs)

    combiner = Combiner(run=run)
    with pytest.raises(failing):
        combiner.submit("first")
    assert combiner.submit("second") == "second"
