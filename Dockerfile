# The same steps as on any machine, taken by the same script. The database is another container, or elsewhere: see compose.yaml.
FROM python:3.13-slim-bookworm AS build
ENV ENERGIEBEELD_HOME=/srv/energiebeeld/.energiebeeld
WORKDIR /srv/energiebeeld
COPY energiebeeld requirements.lock ./
RUN ./energiebeeld environment
COPY . .
# Compiled here, because the service may not write beside its own code; what only the build needs stays behind.
RUN ./energiebeeld build \
    && .energiebeeld/venv/bin/python -m compileall -q app migrations \
    && rm -rf .energiebeeld/tools .energiebeeld/portal-bouw

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/energiebeeld --shell /usr/sbin/nologin energiebeeld
ENV ENERGIEBEELD_HOME=/srv/energiebeeld/.energiebeeld
WORKDIR /srv/energiebeeld
COPY --from=build /srv/energiebeeld ./
# Downloads, the demo and the RDNAPTRANS grid come into the home; the environment and the code in it stay root's.
RUN mkdir rasters && chown energiebeeld: .energiebeeld rasters
USER energiebeeld
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=120s --retries=3 \
    CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
ENTRYPOINT ["./energiebeeld"]
CMD ["start", "--host", "0.0.0.0"]
