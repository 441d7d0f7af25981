"""Who is related to whom: words for relatives as paths, declared facts as a graph, ties read off it."""
