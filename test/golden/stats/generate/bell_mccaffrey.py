"""Reference answers for test/stats/bell-mccaffrey.test.ts: CR2 and its degrees of freedom for a mean, by their matrices.

Run: python bell_mccaffrey.py (numpy). Bell & McCaffrey (2002), Pustejovsky & Tipton (2018): residuals of a cluster are
multiplied by the inverse symmetric root of I - H; the degrees of freedom are Satterthwaite's for independent rows.
"""
import json
from pathlib import Path

import numpy as np


def cr2(values, sizes):
    rows = len(values)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    design = np.ones((rows, 1))
    bread = np.linalg.inv(design.T @ design)
    hat = design @ bread @ design.T
    residual = np.eye(rows) - hat
    errors = residual @ values
    meat, columns = 0.0, []
    for g in range(len(sizes)):
        own = codes == g
        roots, vectors = np.linalg.eigh(np.eye(own.sum()) - hat[np.ix_(own, own)])
        adjust = vectors @ np.diag(roots**-0.5) @ vectors.T
        score = design[own].T @ adjust @ errors[own]
        meat += float(score[0] ** 2)
        columns.append((residual[:, own] @ adjust @ design[own] @ bread)[:, 0])
    omega = np.array(columns) @ np.array(columns).T
    return float(np.sqrt(bread[0, 0] ** 2 * meat)), float(np.trace(omega) ** 2 / np.trace(omega @ omega))


cases = []
for seed, sizes in [(1, [4] * 6), (2, [1, 2, 3, 4, 5, 30]), (3, [60, 1, 1, 1, 1]), (4, [3, 9])]:
    random = np.random.default_rng(seed)
    values = np.round(np.repeat(random.normal(size=len(sizes)), sizes) + random.normal(size=sum(sizes)), 4)
    error, degrees = cr2(values, sizes)
    cases.append({"sizes": sizes, "values": values.tolist(), "standardError": error, "degreesOfFreedom": degrees})

file = Path(__file__).parent.parent / "bell_mccaffrey.json"
file.write_text(json.dumps({"numpy": np.__version__, "cases": cases}) + "\n")
