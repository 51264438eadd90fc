"""The URL patterns of boards, which ``plots.urls`` includes."""

from django.urls import path

from . import views

urlpatterns = [
    path("boards/", views.boards, name="boards"),
    path("boards/<slug:slug>/", views.board, name="board"),
]
