# The course in a container: docker build -t multilevel-lab . && docker run -p 8501:8501 multilevel-lab
# Nothing is fetched while it runs.
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 lab
WORKDIR /srv/lab

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    OPENBLAS_NUM_THREADS=1

COPY requirements.txt ./
RUN pip install -r requirements.txt

COPY .streamlit .streamlit
COPY deploy deploy
COPY mlcore mlcore
COPY datasets datasets
COPY workbench workbench
COPY figures figures
COPY ui ui
COPY pages pages
COPY static static
COPY app.py serve.py LICENSE ./

USER lab
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://localhost:{os.environ.get('STREAMLIT_SERVER_PORT', 8501)}/_stcore/health\", timeout=4)"]
CMD ["streamlit", "run", "serve.py"]
