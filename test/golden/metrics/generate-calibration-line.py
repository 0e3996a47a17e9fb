"""Reference answers for test/metrics/calibration-line.test.ts: logistic recalibration by statsmodels.

Run: python generate-calibration-line.py (statsmodels). Slope: Logit of the labels on logit(p). Intercept: the same with logit(p)
as offset. Errors: sandwich by cluster, without a small-sample factor. Leave-one-out: refitted without each cluster.
"""
import json
from pathlib import Path

import numpy as np
import statsmodels
import statsmodels.api as sm


def fit(labels, logits, weights, clusters=None):
    family = sm.families.Binomial()
    robust = {} if clusters is None else {"cov_type": "cluster", "cov_kwds": {"groups": clusters, "use_correction": False}}
    line = sm.GLM(labels, sm.add_constant(logits), family=family, freq_weights=weights).fit(tol=1e-14, maxiter=200, **robust)
    level = sm.GLM(labels, np.ones(len(labels)), family=family, offset=logits, freq_weights=weights).fit(tol=1e-14, maxiter=200, **robust)
    return {
        "slope": float(line.params[1]),
        "intercept": float(level.params[0]),
        "slopeError": float(line.bse[1]),
        "interceptError": float(level.bse[0]),
    }


cases = []
for seed, groups, weighted in [(1, 25, False), (2, 40, False), (3, 22, True)]:
    random = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(groups), random.integers(4, 16, groups))
    true = random.normal(size=len(clusters)) + 0.4 * random.normal(size=groups)[clusters]
    labels = (random.uniform(size=len(clusters)) < 1 / (1 + np.exp(-true))).astype(int)
    scores = np.round(1 / (1 + np.exp(-(1.4 * true + 0.3 + 0.3 * random.normal(size=len(clusters))))), 4).clip(0.001, 0.999)
    weights = random.integers(1, 4, len(clusters)) if weighted else np.ones(len(clusters), dtype=int)
    logits = np.log(scores / (1 - scores))
    without = [fit(labels[keep], logits[keep], weights[keep]) for g in range(groups) for keep in [clusters != g]]
    errors = {} if weighted else fit(labels, logits, weights, clusters)
    cases.append(
        {
            "groups": groups,
            "clusters": clusters.tolist(),
            "labels": labels.tolist(),
            "scores": scores.tolist(),
            "weights": weights.tolist(),
            **fit(labels, logits, weights),
            **errors,
            "clustered": not weighted,
            "slopesWithout": [one["slope"] for one in without],
            "interceptsWithout": [one["intercept"] for one in without],
        }
    )

file = Path(__file__).parent / "calibration-line.json"
file.write_text(json.dumps({"statsmodels": statsmodels.__version__, "cases": cases}) + "\n")
