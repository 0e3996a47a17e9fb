"""Reference answers for test/stats/inference.test.ts and test/gate: the jackknife over clusters.

Run: python generate-jackknife.py (numpy, pandas, scikit-learn, pyfixest 0.60). The standard error of a mean is pyfixest's CRV3 with the factor (G-1)/G;
those of AUC, F1 and log loss differences come from refitting without each cluster by scikit-learn's metrics.
"""
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyfixest
from scipy.stats import kurtosis
from sklearn.metrics import f1_score, log_loss, roc_auc_score


def draw(seed, groups, rows):
    random = np.random.default_rng(seed)
    sizes = random.integers(rows // 2, 2 * rows, groups)
    clusters = np.repeat(np.arange(groups), sizes)
    weather = random.normal(size=groups)[clusters]
    noise = random.normal(size=len(clusters))
    labels = (weather + noise + random.normal(size=len(clusters)) > 0.4).astype(int)
    # Rounded, so that ties are common.
    sides = [np.round(1 / (1 + np.exp(-(w * weather + noise))), 2).clip(0.01, 0.99) for w in (0.9, 0.3)]
    return clusters, labels, sides


def standard_error(estimate, without):
    groups = len(without)
    return float(np.sqrt((groups - 1) / groups * np.sum((np.array(without) - estimate) ** 2)))


def degrees(estimate, without, sizes):
    """Satterthwaite with SciPy's unbiased kurtosis, and at most those of CR2 for a mean of clusters of these sizes."""
    moves = estimate - np.array(without)
    groups = len(moves)
    by_moves = 2 / (max(0, kurtosis(moves, bias=False)) / groups + 2 / (groups - 1))
    return float(min(groups - 1, by_sizes(sizes), max(1, by_moves)))


def by_sizes(sizes):
    """Bell & McCaffrey's degrees of freedom of CR2 for an intercept, by their matrices: (tr Omega)^2 / tr(Omega^2)."""
    rows = int(np.sum(sizes))
    codes = np.repeat(np.arange(len(sizes)), sizes)
    residual = np.eye(rows) - 1 / rows
    columns = []
    for g in range(len(sizes)):
        own = codes == g
        hat = np.full((own.sum(), own.sum()), 1 / rows)
        values, vectors = np.linalg.eigh(np.eye(own.sum()) - hat)
        root = vectors @ np.diag(values**-0.5) @ vectors.T
        columns.append(residual[:, own] @ root @ np.ones(own.sum()) / rows)
    omega = np.array(columns) @ np.array(columns).T
    return np.trace(omega) ** 2 / np.trace(omega @ omega)


METRICS = {
    "roc_auc": (1, roc_auc_score),
    "f1": (1, lambda y, s: f1_score(y, s >= 0.5)),
    "log_loss": (-1, log_loss),
}

differences = []
for seed, groups, rows in [(1, 20, 12), (2, 31, 30), (3, 60, 8)]:
    clusters, labels, (candidate, baseline) = draw(seed, groups, rows)
    expected = {}
    for name, (sign, metric) in METRICS.items():
        def difference(keep):
            return sign * float(metric(labels[keep], candidate[keep]) - metric(labels[keep], baseline[keep]))

        estimate = difference(np.full(len(labels), True))
        without = [difference(clusters != g) for g in range(groups)]
        expected[name] = {
            "difference": estimate,
            "standardError": standard_error(estimate, without),
            "degreesOfFreedom": degrees(estimate, without, np.bincount(clusters)),
        }
    differences.append(
        {
            "groups": groups,
            "clusters": clusters.tolist(),
            "labels": labels.tolist(),
            "candidate": candidate.tolist(),
            "baseline": baseline.tolist(),
            "expected": expected,
        }
    )

means = []
for seed, groups, rows in [(4, 20, 5), (5, 45, 3)]:
    random = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(groups), random.integers(1, 3 * rows, groups))
    values = np.round(random.normal(size=groups)[clusters] + random.normal(size=len(clusters)), 3)
    fit = pyfixest.feols("y ~ 1", pd.DataFrame({"y": values, "g": clusters}), vcov={"CRV3": "g"}, ssc=pyfixest.ssc(k_adj=False, G_adj=False))
    means.append(
        {
            "groups": groups,
            "clusters": clusters.tolist(),
            "values": values.tolist(),
            "mean": float(fit.coef().iloc[0]),
            # Without its own corrections pyfixest has the bare sum of squares; (G-1)/G makes it CV3 (MacKinnon et al. 2023).
            "standardError": float(fit.se().iloc[0] * np.sqrt((groups - 1) / groups)),
        }
    )

file = Path(__file__).parent / "cluster-jackknife.json"
file.write_text(json.dumps({"source": "generate-jackknife.py", "differences": differences, "means": means}) + "\n")
