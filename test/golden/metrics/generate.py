"""scikit-learn's and scipy's answers for test/metrics, with and without weights.

Run: python generate.py (scikit-learn 1.9, scipy). The documentation's own examples come first, then drawn ones with
ties. `weights` says how often a row counts; a reference that takes no weights is only asked without.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.stats import spearmanr
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

HERE = pathlib.Path(__file__).parent
THRESHOLD = 0.5


def listed(values):
    return np.asarray(values, float).ravel().tolist()


def binary(name, labels, scores, weights=None):
    y, s = np.asarray(labels, float), np.asarray(scores, float)
    w = None if weights is None else np.asarray(weights, float)
    called = (s >= THRESHOLD).astype(float)
    kw = {"sample_weight": w}
    expected = {
        "roc_auc": sk.roc_auc_score(y, s, **kw),
        "average_precision": sk.average_precision_score(y, s, **kw),
        "accuracy": sk.accuracy_score(y, called, **kw),
        "balanced_accuracy": sk.balanced_accuracy_score(y, called, **kw),
        "precision": sk.precision_score(y, called, **kw),
        "recall": sk.recall_score(y, called, **kw),
        "specificity": sk.recall_score(y, called, pos_label=0, **kw),
        "f1": sk.f1_score(y, called, **kw),
        "f2": sk.fbeta_score(y, called, beta=2, **kw),
        "f0_5": sk.fbeta_score(y, called, beta=0.5, **kw),
        "mcc": sk.matthews_corrcoef(y, called, **kw),
        "log_loss": sk.log_loss(y, s, labels=[0, 1], **kw),
        "brier": sk.brier_score_loss(y, s, **kw),
    }
    fpr, tpr, cuts = sk.roc_curve(y, s, drop_intermediate=False, **kw)
    precision, recall, pr_cuts = sk.precision_recall_curve(y, s, **kw)
    confusion = sk.confusion_matrix(y, called, labels=[0, 1], **kw)
    curves = {
        "roc": [listed(fpr), listed(tpr), listed(cuts[1:])],
        "precision_recall": [listed(precision[:-1]), listed(recall[:-1]), listed(pr_cuts)],
        "confusion": listed(confusion),
    }
    if w is None:
        observed, predicted = calibration_curve(y, s, n_bins=10, strategy="uniform")
        curves["calibration"] = [listed(observed), listed(predicted)]
    return entry(name, "binary", y, s, w, expected, curves=curves)


def multiclass(name, labels, scores, weights=None):
    y, s = np.asarray(labels, int), np.asarray(scores, float)
    w = None if weights is None else np.asarray(weights, float)
    classes = s.shape[1]
    called = s.argmax(axis=1)
    kw = {"sample_weight": w}
    expected = {
        "multiclass_accuracy": sk.accuracy_score(y, called, **kw),
        "multiclass_log_loss": sk.log_loss(y, s, labels=range(classes), **kw),
        "multiclass_brier": sk.brier_score_loss(y, s, labels=range(classes), scale_by_half=False, **kw),
        "top_2_accuracy": sk.top_k_accuracy_score(y, s, k=2, labels=range(classes), **kw),
    }
    for average in ("macro", "micro", "weighted"):
        expected[f"precision_{average}"] = sk.precision_score(y, called, average=average, zero_division=0, **kw)
        expected[f"recall_{average}"] = sk.recall_score(y, called, average=average, zero_division=0, **kw)
        expected[f"f1_{average}"] = sk.f1_score(y, called, average=average, zero_division=0, **kw)
    if np.allclose(s.sum(axis=1), 1) and len(set(y)) == classes:
        for average in ("macro", "weighted"):
            expected[f"roc_auc_{average}"] = sk.roc_auc_score(y, s, multi_class="ovr", average=average, **kw)
    else:
        for unfit in ("multiclass_log_loss", "multiclass_brier"):
            del expected[unfit]
    confusion = sk.confusion_matrix(y, called, labels=range(classes), **kw)
    return entry(name, "multiclass", y, s, w, expected, classes=classes, curves={"confusion": listed(confusion)})


def regression(name, labels, scores, weights=None):
    y, s = np.asarray(labels, float), np.asarray(scores, float)
    w = None if weights is None else np.asarray(weights, float)
    kw = {"sample_weight": w}
    expected = {
        "mae": sk.mean_absolute_error(y, s, **kw),
        "mse": sk.mean_squared_error(y, s, **kw),
        "rmse": sk.root_mean_squared_error(y, s, **kw),
        "r2": sk.r2_score(y, s, **kw),
        "mape": sk.mean_absolute_percentage_error(y, s, **kw),
        "wape": np.average(np.abs(y - s), weights=w) / np.average(np.abs(y), weights=w),
        "bias": np.average(s - y, weights=w),
    }
    whole = np.repeat(np.arange(len(y)), 1 if w is None else w.astype(int))
    # Weights that count rows: the references are asked about the repeated rows.
    expected["median_absolute_error"] = sk.median_absolute_error(y[whole], s[whole])
    expected["max_error"] = sk.max_error(y[whole], s[whole])
    expected["spearman"] = spearmanr(y[whole], s[whole]).statistic
    return entry(name, "regression", y, s, w, expected)


def quantile(name, labels, scores, levels, weights=None):
    y, s = np.asarray(labels, float), np.asarray(scores, float)
    w = None if weights is None else np.asarray(weights, float)
    losses = [sk.mean_pinball_loss(y, s[:, j], alpha=level, sample_weight=w) for j, level in enumerate(levels)]
    low, high = s[:, 0], s[:, -1]
    expected = {
        "pinball_loss": np.mean(losses),
        "interval_coverage": np.average((low <= y) & (y <= high), weights=w),
        "interval_width": np.average(high - low, weights=w),
        # The interval score is the sum of both ends' pinball losses, each over its tail (Gneiting & Raftery 2007).
        "interval_score": losses[0] / levels[0] + losses[-1] / (1 - levels[-1]),
    }
    return entry(name, "quantile", y, s, w, expected, levels=listed(levels))


def ranking(name, relevance, scores, weights=None):
    """Queries of equally many documents; a query's weight is given once."""
    y, s = np.asarray(relevance, float), np.asarray(scores, float)
    w = None if weights is None else np.asarray(weights, float)
    kw = {"sample_weight": w}
    documents = y.shape[1]
    expected = {
        "ndcg": sk.ndcg_score(y, s, **kw),
        "ndcg_5": sk.ndcg_score(y, s, k=5, **kw),
        "ndcg_10": sk.ndcg_score(y, s, k=10, **kw),
        "ndcg_exponential_10": sk.ndcg_score(2**y - 1, s, k=10, **kw),
        "map": sk.label_ranking_average_precision_score((y > 0).astype(int), s, **kw),
    }
    queries = np.repeat(np.arange(len(y)), documents)
    by_row = None if w is None else np.repeat(w, documents)
    return entry(name, "ranking", y, s, by_row, expected, queries=queries.tolist())


def entry(name, task, labels, scores, weights, expected, **more):
    return {
        "name": name,
        "task": task,
        "labels": listed(labels),
        "scores": listed(scores),
        **({} if weights is None else {"weights": listed(weights)}),
        **more,
        "expected": {key: float(value) for key, value in expected.items()},
    }


def drawn():
    random = np.random.default_rng(20240607)
    rows = 60
    weights = random.integers(0, 4, rows)
    labels = random.integers(0, 2, rows)
    scores = np.round(np.clip(0.3 * labels + random.uniform(0, 0.7, rows), 0, 1), 1)
    yield from both(binary, "drawn", (labels, scores), weights)
    classes = random.integers(0, 4, rows)
    parts = random.integers(1, 60, (rows, 4)) + 20 * np.eye(4)[classes]
    yield from both(multiclass, "drawn", (classes, parts / parts.sum(axis=1, keepdims=True)), weights)
    target = np.round(random.normal(3, 2, rows), 2)
    predicted = np.round(target + random.normal(0.2, 1, rows), 1)
    yield from both(regression, "drawn", (target, predicted), weights)
    quantiles = np.sort(np.round(predicted[:, None] + random.normal(0, 1, (rows, 3)), 1), axis=1)
    yield from both(quantile, "drawn", (target, quantiles, [0.05, 0.5, 0.9]), weights)
    relevance = random.integers(0, 4, (6, 12)) * random.integers(0, 2, (6, 12))
    places = np.round(relevance * 0.2 + random.uniform(size=(6, 12)), 1)
    yield from both(ranking, "drawn", (relevance, places), np.array([1, 2, 0, 1, 0.5, 3]))


def both(case, name, arguments, weights):
    yield case(f"{case.__name__} {name}", *arguments)
    yield case(f"{case.__name__} {name}, weighted", *arguments, weights=weights)


def documented():
    """The examples of scikit-learn's own documentation."""
    yield binary("roc_auc_score, average_precision_score", [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    yield binary("brier_score_loss", [0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3])
    yield multiclass(
        "top_k_accuracy_score", [0, 1, 2, 2], [[0.5, 0.2, 0.2], [0.3, 0.4, 0.2], [0.2, 0.4, 0.3], [0.7, 0.2, 0.1]]
    )
    yield regression("mean_absolute_error, r2_score", [3, -0.5, 2, 7], [2.5, 0.0, 2, 8])
    yield regression("mean_absolute_percentage_error", [1.0, 0.0, 2.4, 7.0], [1.2, 0.1, 2.4, 8.0])
    yield ranking("ndcg_score", [[10, 0, 0, 1, 5]], [[0.1, 0.2, 0.3, 4, 70]])
    yield ranking("ndcg_score with ties", [[10, 0, 0, 1, 5]], [[1, 0, 0, 0, 1]])
    yield ranking("label_ranking_average_precision_score", [[1, 0, 0], [0, 0, 1]], [[0.75, 0.5, 1], [1, 0.2, 0.1]])


cases = [*documented(), *drawn()]
(HERE / "sklearn.json").write_text(
    json.dumps({"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "cases": cases}, indent=1) + "\n"
)
